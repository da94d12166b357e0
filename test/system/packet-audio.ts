/** Packet radio in audio: direwolf's programs at work, and ours. */
import { writeFileSync } from 'node:fs';
import { prng } from '../../dsp/core/prng.ts';
import type { Iq, Real } from '../../dsp/core/types.ts';
import { encodeFrames } from '../../dsp/framing/index.ts';
import { parseMode } from '../../dsp/mode.ts';
import { modulate } from '../../dsp/modulation/modulate.ts';
import { fmAudio } from '../modulation/modulate-audio.ts';
import { execute, type Outcome } from './command-line.ts';

/** How one of direwolf's programs is run. */
export type Run = (program: string, args: readonly string[]) => Promise<Outcome>;

/** The number of a frame of gen_packets -n 100, undefined where it is none of them. */
export function numberOf(frameHex: string): string | undefined {
  const text = Buffer.from(frameHex, 'hex').toString('latin1');
  return /The quick brown fox jumps over the lazy dog! {2}(\d{4}) of 0100$/.exec(text)?.[1];
}

/** Frames that direwolf's atest finds in a WAV file, in hex. */
export async function atest(path: string, bitRate: string, run: Run = execute): Promise<string[]> {
  const { stdout } = await run('atest', ['-B', bitRate, '-h', path]);
  const frames: string[] = [];
  for (const [, offset, bytes] of stdout.matchAll(/^ {2}([0-9a-f]{3}): {2}((?:[0-9a-f]{2} | {3}){16})/gm)) {
    const hex = bytes!.replaceAll(' ', '');
    if (offset === '000') frames.push(hex);
    else frames.push(frames.pop()! + hex);
  }
  return frames;
}

/** A frame with a number. `ssidFlags`: the upper bits of both SSID bytes. */
export function ax25Frame(number: number, ssidFlags: readonly [number, number] = [0x60, 0x60]): Uint8Array {
  const address = (callsign: string, ssid: number) => [...Buffer.from(callsign.padEnd(6)).map((c) => c << 1), ssid];
  const text = Buffer.from(`downlinkd to direwolf, frame ${String(number).padStart(4, '0')}`);
  return Uint8Array.from([
    ...address('TEST', ssidFlags[0]),
    ...address('SIMSAT', ssidFlags[1] | 1),
    0x03,
    0xf0,
    ...text,
  ]);
}

/** What an FM receiver hears of bursts a second apart: our modulators, mild noise, mono. */
export function transmit(mode: string, frames: readonly Uint8Array[], sampleRate: number): Real {
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

export function writeWav(path: string, audio: Real, sampleRate: number): void {
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
