import { SlidingWindow } from '../core/sliding-window.ts';
import { firIq } from '../filter/fir-decimator.ts';
import { rootRaisedCosine } from '../filter/fir-design.ts';
import { Derotator } from '../sync/derotator.ts';
import { PskCarrier } from '../sync/psk-carrier.ts';
import { PskClock } from '../sync/psk-clock.ts';
import { PskEnvelope } from '../sync/psk-envelope.ts';
import type { ClockAnchor } from '../sync/symbol-clock.ts';
import { PskDecisions } from './psk-decisions.ts';
import type { SymbolDemodulator, SymbolSink } from './symbol-stream.ts';

/** Roll-off of nearly all amateur BPSK downlinks. */
const rollOff = 0.35;

export interface PskOptions {
  readonly sampleRate: number;
  readonly symbolRate: number;
  readonly searchHz: number;
  /** Phase changes carry the bits: no change is 1. */
  readonly differential: boolean;
  /** Each bit is two opposite chips; `symbolRate` counts bits. */
  readonly manchester: boolean;
  /** Greatest relative error of the symbol rate. */
  readonly maxRateError?: number;
}

/**
 * BPSK and its relatives: baseband Iq at four to ten samples a chip → soft symbols. All feed-forward: carrier from the
 * squared signal, matched filter, timing from the part in phase with the carrier, phase from the smoothed squared
 * symbols. The sign is ambiguous by 180°.
 */
export function psk(options: PskOptions, sink: SymbolSink): SymbolDemodulator {
  const { sampleRate, differential, manchester } = options;
  const chipRate = manchester ? 2 * options.symbolRate : options.symbolRate;
  const samplesPerChip = sampleRate / chipRate;
  const carrier = new PskCarrier({ sampleRate, symbolRate: chipRate, searchHz: options.searchHz });
  const matched = firIq(rootRaisedCosine(samplesPerChip, 12, rollOff));
  const envelope = new PskEnvelope(samplesPerChip);
  const clock = new PskClock(samplesPerChip, options.maxRateError ?? 0.0075);
  const decisions = new PskDecisions({ samplesPerChip, differential, manchester }, sink);
  const derotator = new Derotator(sampleRate);
  const filtered = new SlidingWindow(1 << 16);

  function onEstimate(sample: number, hz: number): void {
    derotator.estimate(sample, hz);
    const { output } = derotator;
    const n = (output.end - output.start) / 2;
    if (n === 0) return;
    const at = filtered.reserve(2 * n);
    const written = matched.process(output.data.subarray(0, 2 * n), n, filtered.data.subarray(at, at + 2 * n));
    filtered.end -= 2 * (n - written);
    output.start = output.end;
    envelope.push(filtered.data, at, written, onTiming);
    filtered.discardBefore(filtered.end - 2 * (clock.latency + envelope.latency + 8));
  }

  function onTiming(z: Float32Array, n: number): void {
    clock.push(z, 0, n, onAnchor);
  }

  function onAnchor(a: ClockAnchor, b: ClockAnchor): void {
    const slope = (b.sample - a.sample) / (b.phase - a.phase);
    const y = filtered.data;
    for (let k = Math.ceil(a.phase); k < b.phase; k++) {
      const t = a.sample + (k - a.phase) * slope;
      const i = Math.floor(t);
      const u = t - i;
      const o = 2 * i - filtered.start;
      if (o < 2 || 2 * i + 6 > filtered.end) continue;
      const c0 = (-u * (u - 1) * (u - 2)) / 6;
      const c1 = ((u + 1) * (u - 1) * (u - 2)) / 2;
      const c2 = (-(u + 1) * u * (u - 2)) / 2;
      const c3 = ((u + 1) * u * (u - 1)) / 6;
      const re = c0 * y[o - 2]! + c1 * y[o]! + c2 * y[o + 2]! + c3 * y[o + 4]!;
      const im = c0 * y[o - 1]! + c1 * y[o + 1]! + c2 * y[o + 3]! + c3 * y[o + 5]!;
      decisions.chip(re, im, t, derotator.hzAt(t));
    }
    decisions.flush(false);
  }

  function push(x: Float32Array, n: number): void {
    for (let at = 0; at < n; at += 4096) {
      const take = Math.min(4096, n - at);
      const piece = at === 0 && take === n ? x : x.subarray(2 * at, 2 * (at + take));
      derotator.push(piece, take);
      carrier.push(piece, take, onEstimate);
    }
  }

  return {
    ...(differential ? { blockDetector: decisions.blockDetector } : {}),
    push,
    flush() {
      const pad = new Float32Array(2048);
      const total = carrier.latency + matched.latency + envelope.latency + clock.latency;
      for (let left = total; left > 0; left -= 1024) push(pad, 1024);
      decisions.flush(true);
    },
    reset() {
      derotator.reset();
      filtered.reset();
      carrier.reset();
      matched.reset();
      envelope.reset();
      clock.reset();
      decisions.reset();
    },
  };
}
