import { expect, test } from 'vitest';
import { prng } from '../dsp/core/prng.ts';
import type { ReceivedFrame, Receiver, ReceiverInput, ReceiverSink } from '../dsp/core/receiver.ts';
import type { Reject } from '../dsp/core/types.ts';
import { encodeFrames } from '../dsp/framing/index.ts';
import { type Mode, parseMode } from '../dsp/mode.ts';
import { modulate } from '../dsp/modulation/modulate.ts';
import { makeReceiver, makeSharedReceiver } from '../dsp/receiver.ts';
import { sharingKey } from '../dsp/sharing.ts';
import { fmAudio } from './modulation/modulate-audio.ts';

const sampleRate = 48_000;

/** A burst of each mode in turn, in noise, at twice the rate where it is to become audio. */
function mixedBursts(modes: readonly Mode[], lengths: readonly number[], seed: number, esn0Db: number, rate: number) {
  const random = prng(seed);
  const waves: { iq: Float32Array; firstSample: number }[] = [];
  let at = 0.2 * rate;
  for (let k = 0; k < modes.length; k++) {
    const { framing, modulation } = modes[k]!;
    const frame = Uint8Array.from({ length: lengths[k]! }, () => random.uint32() & 255);
    const bits = encodeFrames(framing, [frame], { preambleBytes: 32 });
    const place = { sampleRate: rate, startSample: at + random.uniform(), phase: 6 * random.uniform() };
    waves.push(modulate(bits, modulation, place));
    at += (bits.length * rate) / modulation.symbolRate + (0.05 + 0.2 * random.uniform()) * rate;
  }
  const iq = new Float32Array(2 * Math.ceil(at));
  for (const wave of waves) for (let i = 0; i < wave.iq.length; i++) iq[2 * wave.firstSample + i]! += wave.iq[i]!;
  const sigma = Math.sqrt(rate / modes[0]!.modulation.symbolRate / 10 ** (esn0Db / 10) / 2);
  for (let i = 0; i < iq.length; i++) iq[i]! += sigma * random.normal();
  return iq;
}

/** All that a receiver gives to each of its sinks, in order. */
function heard(modes: readonly Mode[], make: (sinks: readonly ReceiverSink[]) => Receiver, x: Float32Array, n: number) {
  const told: (ReceivedFrame | Reject)[][] = modes.map(() => []);
  const receiver = make(told.map((all) => ({ frame: (f) => all.push(f), reject: (why) => all.push(why) })));
  for (const part of [0, 1]) {
    // The second time as behind a gap: nothing of the first may be left.
    if (part === 1) receiver.reset();
    receiver.push(x, n);
    receiver.flush();
  }
  return told;
}

const ofModes = (...texts: readonly string[]) => texts.map((text) => parseMode(text));

interface Group {
  readonly modes: readonly Mode[];
  readonly lengths: readonly number[];
  readonly kind: 'iq' | 'fm-audio';
  /** Es/N0; at the first every frame is received. */
  readonly dB: readonly number[];
}

const groups: readonly Group[] = [
  { modes: ofModes('fsk:9600:ax25-g3ruh', 'fsk:9600:ax100-asmgolay'), lengths: [60, 70], kind: 'iq', dB: [12, 8, 6] },
  {
    modes: ofModes('fsk:9600:ax25-g3ruh', 'fsk:9600:ax100-asmgolay'),
    lengths: [60, 70],
    kind: 'fm-audio',
    dB: [22, 16],
  },
  { modes: ofModes('fsk:1250:ao-40-fec', 'fsk:1250:ao-40-fec-short'), lengths: [256, 128], kind: 'iq', dB: [4] },
  {
    modes: ofModes('fsk:9600:u482c', 'fsk:9600:ccsds-concatenated,frame_size=114'),
    ...{ lengths: [60, 114], kind: 'iq', dB: [6, 1] },
  },
  { modes: ofModes('dbpsk:1200:ao-40-fec', 'dbpsk:1200:ax25'), lengths: [256, 60], kind: 'iq', dB: [9, 1] },
];

test.each(groups)(
  '$modes.0.framing.kind and $modes.1.framing.kind from $kind: shared or each alone, the same frames and rejects',
  ({ modes, lengths, kind, dB }) => {
    for (const [i, esn0Db] of dB.entries()) {
      const iq = mixedBursts(modes, lengths, i + 1, esn0Db, kind === 'iq' ? sampleRate : 2 * sampleRate);
      const x = kind === 'iq' ? iq : fmAudio(iq, 2 * sampleRate);
      const n = kind === 'iq' ? x.length / 2 : x.length;
      const input: ReceiverInput = { kind, sampleRate };
      const shared = heard(modes, (sinks) => makeSharedReceiver(modes, input, sinks), x, n);
      const alone = modes.map((mode) => heard([mode], ([sink]) => makeReceiver(mode, input, sink!), x, n)[0]!);
      expect(shared).toEqual(alone);
      if (i === 0) for (const told of shared) expect(told.filter((one) => typeof one === 'object')).toHaveLength(2);
    }
  },
  60_000,
);

test('only what sets demodulators up alike shares them', () => {
  const shares = (a: string, b: string, kind: ReceiverInput['kind'] = 'iq') =>
    sharingKey(parseMode(a), kind) === sharingKey(parseMode(b), kind);
  expect(shares('fsk:9600:ax25', 'fsk:9600:geoscan')).toBe(true);
  expect(shares('fsk:9600:ax25', 'fsk:4800:ax25')).toBe(false);
  expect(shares('fsk:9600:ax25', 'fsk:9600:geoscan,deviation=3000')).toBe(false);
  // Coded frames are sought with longer windows, and USP's by its sync words.
  expect(shares('fsk:9600:ax25', 'fsk:9600:usp')).toBe(false);
  expect(shares('fsk:9600:u482c', 'fsk:9600:usp')).toBe(false);
  expect(shares('fsk:9600:ax25', 'fsk:9600:usp', 'fm-audio')).toBe(true);
  expect(shares('bpsk:9600:ax25', 'bpsk:9600:ccsds-concatenated,frame_size=114')).toBe(true);
  // Its own receiver must tell what is wrong with it.
  expect(shares('fsk:9600:ax25', 'fsk:9600:ccsds-concatenated,frame_size=101,rs_interleaving=2', 'fm-audio')).toBe(
    false,
  );
  const modes = ofModes('fsk:9600:ax25', 'fsk:9600:usp');
  const sinks = modes.map(() => ({ frame() {}, reject() {} }));
  expect(() => makeSharedReceiver(modes, { kind: 'iq', sampleRate }, sinks)).toThrow(/fsk:9600:ax25 and fsk:9600:usp/);
});
