import { addNoise, noiseDensity } from '../../dsp/core/noise.ts';
import { prng } from '../../dsp/core/prng.ts';
import { encodeFrames } from '../../dsp/framing/index.ts';
import { parseMode } from '../../dsp/mode.ts';
import { modulate } from '../../dsp/modulation/modulate.ts';
import { wav } from '../inputs/wav-file.ts';

/** IQ of frames in bursts, one every `everyS` seconds from 0.1 s on, with some noise, at ±0.25. */
export function iqOfFrames(
  modeText: string,
  frames: readonly Uint8Array[],
  sampleRate: number,
  everyS = 0.3,
): Float32Array {
  const mode = parseMode(modeText);
  const iq = new Float32Array(2 * Math.round(sampleRate * (0.2 + everyS * frames.length)));
  frames.forEach((frame, i) => {
    const bits = encodeFrames(mode.framing, [frame], { preambleBytes: 32 });
    const burst = modulate(bits, mode.modulation, { sampleRate });
    const at = 2 * Math.round((0.1 + everyS * i) * sampleRate);
    for (const [k, value] of burst.iq.entries()) iq[at + k] = value;
  });
  addNoise(iq as never, noiseDensity(20, mode.modulation.symbolRate), sampleRate, prng(1));
  return iq.map((value) => value * 0.25);
}

export function iqWav(iq: Float32Array, sampleRate: number): Buffer {
  const data = Buffer.from(Int16Array.from(iq, (value) => Math.max(-1, Math.min(1, value)) * 32767).buffer);
  return wav({ channels: 2, sampleRate, data });
}

/** An AX.25 UI frame from SIMSAT to CQ with that text. */
export function ax25Frame(text: string): Uint8Array {
  const address = (call: string, last: boolean) =>
    [...call.padEnd(6)].map((c) => c.charCodeAt(0) << 1).concat(0x60 | (last ? 1 : 0));
  return Uint8Array.from([...address('CQ', false), ...address('SIMSAT', true), 0x03, 0xf0, ...Buffer.from(text)]);
}
