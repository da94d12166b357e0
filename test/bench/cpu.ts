/**
 * CPU of a receiver at 9600 Bd: seconds for a second of signal with frames and of noise, IQ at 48 kHz, one thread.
 *
 * npm run bench:cpu -- [--seconds S] [--rounds N]
 *
 * Rounds of all cases are interleaved and their median printed, the warm-up left out. Where gr-satellites is installed, it
 * reads the same samples from a file; its start is measured with a short file and subtracted.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Mode, parseMode } from '../../dsp/mode.ts';
import { makeReceiver } from '../../dsp/receiver.ts';
import { impairedChannel } from './sensitivity-curve.ts';
import { peerIsInstalled, peerKnows, peerMissing, runPeer } from './sensitivity-peer.ts';
import { cpuSince } from './sensitivity-point.ts';
import { table } from './sensitivity-report.ts';
import { type Row, rows } from './sensitivity-rows.ts';
import { makeSignal } from './signals.ts';
import { wavWriter } from './signals-wav.ts';

const framings = ['ax25-g3ruh', 'usp', 'ax100-asmgolay', 'u482c', 'ccsds-concatenated', 'geoscan'];
const SAMPLE_RATE = 48_000;
const CHUNK = 4096;
/** Comfortable reception. */
const MARGIN_DB = 4;
const GOAL = { frames: 0.05, noise: 0.02 } as const;

interface Case {
  readonly mode: Mode;
  readonly name: string;
  readonly kind: keyof typeof GOAL;
  readonly iq: Float32Array;
  readonly loads: number[];
}

function samples(row: Row, seconds: number, kind: keyof typeof GOAL): Float32Array {
  const channel = { ...impairedChannel(row), ebn0Db: row.reachDb + MARGIN_DB };
  const bursts = kind === 'frames' ? Math.ceil(seconds) * 3 : 1;
  // Without frames: the noise behind the first burst, which is cut away.
  const stream = makeSignal({ transmission: row, channel, bursts, seed: 3, tailS: kind === 'frames' ? 0 : seconds });
  const pieces = [...stream.pieces()].slice(kind === 'frames' ? 0 : 1);
  const iq = new Float32Array(2 * Math.round(seconds * SAMPLE_RATE));
  let at = 0;
  for (const piece of pieces) {
    const part = piece.subarray(0, iq.length - at);
    iq.set(part, at);
    at += part.length;
  }
  return iq;
}

/** CPU seconds for a second of signal. */
function load({ mode, iq }: Case): number {
  const receiver = makeReceiver(mode, { kind: 'iq', sampleRate: SAMPLE_RATE }, { frame() {}, reject() {} });
  const start = process.threadCpuUsage();
  const n = iq.length / 2;
  for (let from = 0; from < n; from += CHUNK) {
    const count = Math.min(CHUNK, n - from);
    receiver.push(iq.subarray(2 * from, 2 * (from + count)), count);
  }
  receiver.flush();
  return cpuSince(start) / (n / SAMPLE_RATE);
}

function peerLoad({ mode, iq }: Case): number {
  const folder = mkdtempSync(join(tmpdir(), 'cpu-'));
  const cpu = (repeats: number) => {
    const path = join(folder, 'signal.wav');
    const wav = wavWriter(path, SAMPLE_RATE, 2);
    for (let i = 0; i < repeats; i++) wav.write(iq, 0.2);
    wav.close();
    return runPeer({ mode, wav: path, sampleRate: SAMPLE_RATE, iq: true }).cpuSeconds;
  };
  try {
    const repeats = 9;
    return (cpu(repeats) - cpu(1)) / (((repeats - 1) * iq.length) / 2 / SAMPLE_RATE);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, rounds: { type: 'string', default: '7' } },
});
const cases = framings.flatMap((framing) => {
  const row = rows.find(({ mode }) => mode.startsWith(`fsk:9600:${framing},`))!;
  return (['frames', 'noise'] as const).map(
    (kind): Case => ({
      mode: parseMode(row.mode),
      name: row.mode,
      kind,
      iq: samples(row, Number(values.seconds), kind),
      loads: [],
    }),
  );
});
for (const one of cases) load(one);
for (let round = 0; round < Number(values.rounds); round++) for (const one of cases) one.loads.push(load(one));
const withPeer = peerIsInstalled();
if (!withPeer) console.log(peerMissing);
console.log(
  table([
    ['mode', 'signal', 'CPU s/s', 'goal', 'gr-satellites'],
    ...cases.map((one) => [
      one.name,
      one.kind,
      median(one.loads).toFixed(4),
      GOAL[one.kind].toFixed(2),
      withPeer && peerKnows(one.mode) ? peerLoad(one).toFixed(4) : '–',
    ]),
  ]),
);
