/** Decodes files of the independent generator (its JSON tells the frames and the satellite file). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ReceiverInput } from '../../dsp/core/receiver.ts';
import { framingSlug } from '../../dsp/framing/index.ts';
import { type Mode, parseMode } from '../../dsp/mode.ts';
import { makeReceiver } from '../../dsp/receiver.ts';
import { cpuSince, hex } from './sensitivity-point.ts';
import { table } from './sensitivity-report.ts';

interface Description {
  readonly ebn0: number;
  readonly duration: number;
  readonly out_fs: number;
  readonly format: 'cf32' | 'wav' | 'cu8' | 'audio';
  readonly satyaml: string;
  readonly frames: readonly string[];
}

/** Keys of the generator's satellite files and what MODE calls them; the rest keep their names. */
const keyNames: Readonly<Record<string, string>> = {
  deviation: 'deviation_hz',
  af_carrier: 'af_carrier_hz',
  fm_deviation: 'fm_deviation_hz',
  'frame size': 'frame_size',
  'RS basis': 'rs_basis',
  'RS interleaving': 'rs_interleaving',
};
const WAV_HEADER_BYTES = 44;
const CHUNK = 8192;

export function decodeFiles(folder: string): number {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .filter((name) => samplePath(folder, name) !== null)
    .sort();
  if (names.length === 0) throw new Error(`${folder} has no NAME.json beside NAME.cf32 or NAME.wav`);
  const lines: string[][] = [['file', 'mode', 'Eb/N0', 'sent', 'lost', 'repaired', 'false', 'CPU s/s']];
  for (const name of names) lines.push(decodeFile(folder, name));
  console.log(table(lines));
  return 0;
}

function decodeFile(folder: string, name: string): string[] {
  const description = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Description;
  const { text, mode } = modeOf(description.satyaml);
  const input = inputOf(description, mode);
  const items = input.kind === 'iq' ? 2 : 1;
  const x = samples(samplePath(folder, name)!);
  const sent = new Set(description.frames);
  const received = new Set<string>();
  let falseFrames = 0;
  let repaired = 0;
  const receiver = makeReceiver(mode, input, {
    frame({ bytes, integrity }) {
      const frame = hex(bytes);
      if (!sent.has(frame)) falseFrames++;
      else if (!received.has(frame)) {
        received.add(frame);
        if (integrity.repairedBits > 0) repaired++;
      }
    },
    reject() {},
  });
  const start = process.threadCpuUsage();
  const n = x.length / items;
  for (let from = 0; from < n; from += CHUNK) {
    const count = Math.min(CHUNK, n - from);
    receiver.push(x.subarray(items * from, items * (from + count)), count);
  }
  receiver.flush();
  const load = cpuSince(start) / (n / description.out_fs);
  const counts = [sent.size, sent.size - received.size, repaired, falseFrames].map(String);
  return [name, text, description.ebn0.toFixed(2), ...counts, load.toFixed(3)];
}

/** The transmitter part of a satellite file → MODE. */
function modeOf(satellite: string): { text: string; mode: Mode } {
  const { modulation, baudrate, framing, ...rest } = parse(satellite) as Record<string, string | number>;
  const options = Object.entries(rest).map(([key, value]) => `,${keyNames[key] ?? key}=${value}`);
  const text = `${modulation}:${baudrate}:${framingSlug(String(framing))}${options.join('')}`.toLowerCase();
  return { text, mode: parseMode(text) };
}

function inputOf({ format, out_fs: sampleRate }: Description, { modulation }: Mode): ReceiverInput {
  if (format !== 'audio') return { kind: 'iq', sampleRate };
  return { kind: modulation.kind.includes('psk') ? 'ssb-audio' : 'fm-audio', sampleRate };
}

function samplePath(folder: string, name: string): string | null {
  return ['cf32', 'wav'].map((suffix) => join(folder, `${name}.${suffix}`)).find(existsSync) ?? null;
}

function samples(path: string): Float32Array {
  const bytes = readFileSync(path);
  if (path.endsWith('.cf32'))
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const x = new Float32Array((bytes.length - WAV_HEADER_BYTES) >> 1);
  for (let i = 0; i < x.length; i++) x[i] = bytes.readInt16LE(WAV_HEADER_BYTES + 2 * i) / 32768;
  return x;
}
