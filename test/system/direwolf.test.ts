/** Packet radio against direwolf: its frames through our receiver, and our frames through its. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import type { Iq, Real } from '../../dsp/core/types.ts';
import { encodeFrames } from '../../dsp/framing/index.ts';
import { parseMode } from '../../dsp/mode.ts';
import { modulate } from '../../dsp/modulation/modulate.ts';
import { fmAudio } from '../modulation/modulate-audio.ts';
import { decode, execute, inFolder } from './command-line.ts';
import { needPackages } from './debian.ts';

beforeAll(() => needPackages(['direwolf']));

interface PacketMode {
  readonly mode: string;
  readonly bitRate: string;
}

// The tones of Bell 202: 1200 Hz is a 1.
const afsk: PacketMode = { mode: 'afsk:1200:ax25,af_carrier=1700,deviation=-500', bitRate: '1200' };
const g3ruh: PacketMode = { mode: 'fsk:9600:ax25-g3ruh', bitRate: '9600' };

/** Frames that direwolf's atest finds in a WAV file, in hex. */
async function atest(path: string, bitRate: string): Promise<string[]> {
  const { stdout } = await execute('atest', ['-B', bitRate, '-h', path]);
  const frames: string[] = [];
  for (const [, offset, bytes] of stdout.matchAll(/^ {2}([0-9a-f]{3}): {2}((?:[0-9a-f]{2} | {3}){16})/gm)) {
    const hex = bytes!.replaceAll(' ', '');
    if (offset === '000') frames.push(hex);
    else frames.push(frames.pop()! + hex);
  }
  return frames;
}

function ax25Frame(number: number): Uint8Array {
  const address = (callsign: string, ssid: number) => [...Buffer.from(callsign.padEnd(6)).map((c) => c << 1), ssid];
  const text = Buffer.from(`downlinkd to direwolf, frame ${String(number).padStart(4, '0')}`);
  return Uint8Array.from([...address('TEST', 0x60), ...address('SIMSAT', 0x61), 0x03, 0xf0, ...text]);
}

/** What an FM receiver hears of bursts a second apart: our modulators, mild noise, mono. */
function transmit(mode: string, frames: readonly Uint8Array[], sampleRate: number): Real {
  const { modulation, framing } = parseMode(mode);
  const seconds = frames.length + 1;
  const iq: Iq = new Float32Array(4 * seconds * sampleRate);
  const random = prng(1);
  for (let i = 0; i < iq.length; i++) iq[i] = 0.03 * random.normal();
  frames.forEach((frame, k) => {
    const bits = encodeFrames(framing, [frame], { preambleBytes: 40, tailBytes: 8 });
    const startSample = (k + 0.5) * 2 * sampleRate + 0.3;
    const burst = modulate(bits, modulation, { sampleRate: 2 * sampleRate, startSample });
    for (let i = 0; i < burst.iq.length; i++) iq[2 * burst.firstSample + i]! += burst.iq[i]!;
  });
  return fmAudio(iq, 2 * sampleRate);
}

function writeWav(path: string, audio: Real, sampleRate: number): void {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + 2 * audio.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(2 * sampleRate, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(2 * audio.length, 40);
  const samples = Buffer.alloc(2 * audio.length);
  for (const [k, value] of audio.entries()) samples.writeInt16LE(Math.round(32767 * value), 2 * k);
  writeFileSync(path, Buffer.concat([header, samples]));
}

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
      const texts = (await decode(path, '--mode', mode)).map(({ frame }) =>
        Buffer.from(frame, 'hex').toString('latin1'),
      );
      const numbers = texts.map(
        (text) => /The quick brown fox jumps over the lazy dog! {2}(\d{4}) of 0100$/.exec(text)?.[1],
      );
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
