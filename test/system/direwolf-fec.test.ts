/** Packet radio with error correction against direwolf: FX.25 and IL2P, each other's frames. */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { decode, execute, folderForAll, inFolder } from './command-line.ts';
import { needPackages, unpackPackages } from './debian.ts';
import { atest, ax25Frame, numberOf, type Run, transmit, writeWav } from './packet-audio.ts';

// IL2P came with direwolf 1.7 of Debian 13.
const folder = folderForAll();
let run: Run = execute;

beforeAll(async () => {
  needPackages(['direwolf']);
  const usage = await execute('gen_packets', ['-?']);
  if (/Enable IL2P/.test(usage.stdout + usage.stderr)) return;
  const command = unpackPackages(folder, 'trixie', ['direwolf', 'libc6', 'libgps30t64']);
  run = (program, args) => {
    const [first, ...rest] = command(program);
    return execute(first!, [...rest, ...args]);
  };
});

const afsk = (framing: string) => ({
  mode: `afsk:1200:${framing},af_carrier=1700,deviation=-500`,
  bitRate: '1200',
});
const fsk = (framing: string) => ({ mode: `fsk:9600:${framing}`, bitRate: '9600' });

describe('direwolf sends, we receive', () => {
  // gen_packets adds more noise to each frame than to the one before: the last ones nobody can read.
  test.each([
    { ...afsk('fx25'), options: ['-X', '16'] },
    { ...afsk('fx25'), options: ['-X', '32'] },
    { ...afsk('fx25'), options: ['-X', '64'] },
    { ...afsk('fx25'), options: [] },
    { ...fsk('fx25-g3ruh'), options: ['-X', '16'] },
    { ...fsk('fx25-g3ruh'), options: ['-X', '64'] },
    { ...fsk('fx25-g3ruh'), options: [] },
    { ...afsk('il2p'), options: ['-I', '1'] },
    { ...fsk('il2p'), options: ['-I', '1'] },
    { ...fsk('il2p'), options: ['-i', '1'] },
  ])('$mode $options, 100 frames under growing noise: no fewer than atest', async ({ mode, bitRate, options }) => {
    await inFolder(async (folder) => {
      const path = join(folder, 'direwolf.wav');
      const sender = await run('gen_packets', [...options, '-B', bitRate, '-r', '48000', '-n', '100', '-o', path]);
      expect(sender.exitCode).toBe(0);
      const numbers = (await decode(path, '--mode', mode)).map(({ frame }) => numberOf(frame));
      expect(numbers).not.toContain(undefined);
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(numbers.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, k) => String(k + 1).padStart(4, '0')));
      expect(numbers.length).toBeGreaterThanOrEqual((await atest(path, bitRate, run)).length);
    });
  });
});

describe('we send, direwolf receives', () => {
  test.each([afsk('fx25'), fsk('fx25-g3ruh'), afsk('il2p'), fsk('il2p')])('$mode: all frames', async (peer) => {
    // Commands, whose header IL2P translates, and frames of AX.25 version 1, which it does not.
    const frames = Array.from({ length: 8 }, (_, k) => ax25Frame(k + 1, k % 2 === 0 ? [0xe0, 0x60] : [0x60, 0x60]));
    await inFolder(async (folder) => {
      const path = join(folder, 'ours.wav');
      writeWav(path, transmit(peer.mode, frames, 48_000), 48_000);
      const sent = frames.map((frame) => Buffer.from(frame).toString('hex'));
      expect(await atest(path, peer.bitRate, run)).toEqual(sent);
      expect((await decode(path, '--mode', peer.mode)).map((f) => f.frame)).toEqual(sent);
    });
  });
});
