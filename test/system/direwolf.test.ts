/** Packet radio against direwolf: its frames through our receiver, and our frames through its. */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { decode, execute, inFolder } from './command-line.ts';
import { needPackages } from './debian.ts';
import { atest, ax25Frame, numberOf, transmit, writeWav } from './packet-audio.ts';

beforeAll(() => needPackages(['direwolf']));

interface PacketMode {
  readonly mode: string;
  readonly bitRate: string;
}

// The tones of Bell 202: 1200 Hz is a 1.
const afsk: PacketMode = { mode: 'afsk:1200:ax25,af_carrier=1700,deviation=-500', bitRate: '1200' };
const g3ruh: PacketMode = { mode: 'fsk:9600:ax25-g3ruh', bitRate: '9600' };

describe('direwolf sends, we receive', () => {
  // gen_packets adds more noise to each frame than to the one before: the last ones nobody can read. Measured with
  // direwolf 1.6: its own atest reads 67 of the 100 at 1200 Bd and 65 at 9600 Bd.
  test.each([
    { ...afsk, least: 55 },
    { ...g3ruh, least: 65 },
  ])('$mode, 100 frames under growing noise: at least $least', async ({ mode, bitRate, least }) => {
    await inFolder(async (folder) => {
      const path = join(folder, 'direwolf.wav');
      const sender = await execute('gen_packets', ['-B', bitRate, '-r', '48000', '-n', '100', '-o', path]);
      expect(sender.exitCode).toBe(0);
      const numbers = (await decode(path, '--mode', mode)).map(({ frame }) => numberOf(frame));
      expect(numbers).not.toContain(undefined);
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(numbers.length).toBeGreaterThanOrEqual(least);
      expect(numbers.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, k) => String(k + 1).padStart(4, '0')));
    });
  });
});

describe('we send, direwolf receives', () => {
  test.each([afsk, g3ruh])('$mode: all frames', async ({ mode, bitRate }) => {
    const frames = Array.from({ length: 8 }, (_, k) => ax25Frame(k + 1));
    await inFolder(async (folder) => {
      const path = join(folder, 'ours.wav');
      writeWav(path, transmit(mode, frames, 48_000), 48_000);
      const sent = frames.map((frame) => Buffer.from(frame).toString('hex'));
      expect(await atest(path, bitRate)).toEqual(sent);
      expect((await decode(path, '--mode', mode)).map((f) => f.frame)).toEqual(sent);
    });
  });
});
