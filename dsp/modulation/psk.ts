import { SlidingWindow } from '../core/sliding-window.ts';
import type { Soft } from '../core/types.ts';
import { rootRaisedCosine } from '../filter/fir-design.ts';
import { Derotator } from '../sync/derotator.ts';
import { SquaredLine } from '../sync/squared-line.ts';
import { type ClockAnchor, SymbolClock } from '../sync/symbol-clock.ts';
import type { SymbolDemodulator, SymbolSink } from './symbol-stream.ts';

/** Roll-off of nearly all amateur BPSK downlinks. */
const rollOff = 0.35;
/** Hann window of the carrier phase, symbols: the shortest that costs nothing at a coded threshold. */
const phaseWindow = 65;
const phaseSide = (phaseWindow - 1) / 2;
const blockSize = 256;

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
 * squared signal, matched filter, timing from the envelope, phase from the smoothed squared symbols. The sign is
 * ambiguous by 180°.
 */
export function psk(options: PskOptions, sink: SymbolSink): SymbolDemodulator {
  const { sampleRate, differential, manchester } = options;
  const chipRate = manchester ? 2 * options.symbolRate : options.symbolRate;
  const samplesPerChip = sampleRate / chipRate;
  const carrier = new SquaredLine({ sampleRate, symbolRate: chipRate, searchHz: options.searchHz });
  const clock = new SymbolClock(samplesPerChip, options.maxRateError ?? 0.0075);
  const taps = Float32Array.from(rootRaisedCosine(samplesPerChip, 12, rollOff));
  const half = (taps.length - 1) / 2;

  /** Interleaved, as the derotated signal is: index 2·sample. */
  const derotator = new Derotator(sampleRate);
  const derotated = derotator.output;
  const filtered = new SlidingWindow(1 << 16);
  const envelope = new SlidingWindow(1 << 14);

  const chips = new SlidingWindow(1 << 14);
  const chipPosition = new Float64Array(1 << 13);
  const chipOffset = new Float32Array(1 << 13);
  const ring = chipPosition.length - 1;
  const hann = Float64Array.from(
    { length: phaseWindow },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 1)) / (phaseWindow + 1)),
  );
  let emitted = 0;
  let phase = 0;
  let previousChip = 0;
  /** Manchester: which of the two pairings of chips is right, decided over the last bits. */
  let pairing = 0;
  let evidence = 0;
  let lastSoftChip = 0;
  let previousBit = 0;

  const soft = new Float32Array(blockSize) as Soft;
  const position = new Float64Array(blockSize);
  const offsetHz = new Float32Array(blockSize);
  let level = 0;
  let filled = 0;

  function prime(): void {
    derotated.start = -2 * half;
    derotated.end = -2 * half;
    derotated.append(new Float32Array(2 * half), 2 * half);
  }
  prime();

  function onEstimate(sample: number, hz: number): void {
    derotator.estimate(sample, hz);
    matchedFilter();
  }

  function matchedFilter(): void {
    const n = (derotated.end - derotated.start) / 2 - 2 * half;
    if (n <= 0) return;
    const at = filtered.reserve(2 * n);
    const env = envelope.reserve(n);
    const x = derotated.data;
    const y = filtered.data;
    for (let i = 0; i < n; i++) {
      let re = 0;
      let im = 0;
      for (let k = 0, j = 2 * i; k < taps.length; k++, j += 2) {
        re += taps[k]! * x[j]!;
        im += taps[k]! * x[j + 1]!;
      }
      y[at + 2 * i] = re;
      y[at + 2 * i + 1] = im;
      envelope.data[env + i] = re * re + im * im;
    }
    derotated.data.copyWithin(0, 2 * n, 2 * n + 4 * half);
    derotated.start += 2 * n;
    clock.push(envelope.data, env, n, onAnchor);
    envelope.discardBefore(envelope.end);
    filtered.discardBefore(filtered.end - 2 * (clock.latency + 8));
    const ready = chips.end / 2 - phaseSide - 1;
    if (ready > emitted) emitChips(ready);
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
      const at = chips.reserve(2);
      chips.data[at] = c0 * y[o - 2]! + c1 * y[o]! + c2 * y[o + 2]! + c3 * y[o + 4]!;
      chips.data[at + 1] = c0 * y[o - 1]! + c1 * y[o + 1]! + c2 * y[o + 3]! + c3 * y[o + 5]!;
      const slot = (chips.end / 2 - 1) & ring;
      chipPosition[slot] = t;
      chipOffset[slot] = derotator.hzAt(t);
    }
  }

  function emitChips(limit: number): void {
    const s = chips.data;
    const base = chips.start;
    for (; emitted < limit; emitted++) {
      let re = 0;
      let im = 0;
      let sum = 0;
      for (let d = -phaseSide; d <= phaseSide; d++) {
        const k = emitted + d;
        if (2 * k < base || 2 * k >= chips.end) continue;
        const a = s[2 * k - base]!;
        const b = s[2 * k + 1 - base]!;
        const magnitude = Math.sqrt(a * a + b * b) + 1e-20;
        const w = hann[d + phaseSide]! / magnitude;
        re += w * (a * a - b * b);
        im += w * 2 * a * b;
        sum += magnitude;
      }
      // Half of an angle is ambiguous by π: take the branch nearest to the last one.
      const halfAngle = 0.5 * Math.atan2(im, re);
      phase = halfAngle + Math.PI * Math.round((phase - halfAngle) / Math.PI);
      level = sum / phaseWindow + 1e-20;
      const value = (s[2 * emitted - base]! * Math.cos(phase) + s[2 * emitted + 1 - base]! * Math.sin(phase)) / level;
      const slot = emitted & ring;
      if (manchester) onManchesterChip(value, emitted, chipPosition[slot]!, chipOffset[slot]!);
      else onSymbol(value, chipPosition[slot]!, chipOffset[slot]!);
    }
    chips.discardBefore(2 * (emitted - phaseSide - 2));
    if (filled > 0) deliver();
  }

  /** Sum over both halves; the pairing with the larger magnitudes wins, with a memory of some 32 bits. */
  function onManchesterChip(chip: number, index: number, at: number, hz: number): void {
    const value = (lastSoftChip - chip) / 2;
    const parity = index & 1;
    evidence += (Math.abs(value) * (parity === 1 ? 1 : -1) - evidence) / 32;
    if (evidence > 0.02) pairing = 1;
    else if (evidence < -0.02) pairing = 0;
    lastSoftChip = chip;
    if (parity === pairing) onSymbol(value, at - samplesPerChip / 2, hz);
  }

  function onSymbol(value: number, at: number, hz: number): void {
    let out = value;
    if (differential) {
      const previous = manchester ? previousBit : previousChip;
      // Sign of the product, confidence of the weaker one: the max-log value of "no change". With Manchester a change
      // of the differential bit is a 1 by the convention of the receivers in use.
      out = Math.sign(value * previous) * Math.min(Math.abs(value), Math.abs(previous));
      if (manchester) out = -out;
    }
    previousChip = value;
    previousBit = value;
    soft[filled] = out;
    position[filled] = at;
    offsetHz[filled] = hz;
    if (++filled === blockSize) deliver();
  }

  function deliver(): void {
    const n = filled;
    filled = 0;
    sink.symbols({ n, soft: [soft], position, offsetHz });
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
    push,
    flush() {
      const pad = new Float32Array(2048);
      const total = carrier.latency + clock.latency + taps.length + (phaseSide + 2) * samplesPerChip;
      for (let left = total; left > 0; left -= 1024) push(pad, 1024);
      if (chips.end / 2 > emitted) emitChips(chips.end / 2);
    },
    reset() {
      derotator.reset();
      for (const w of [filtered, envelope, chips]) w.reset();
      carrier.reset();
      clock.reset();
      prime();
      emitted = 0;
      phase = 0;
      previousChip = 0;
      previousBit = 0;
      lastSoftChip = 0;
      pairing = 0;
      evidence = 0;
      filled = 0;
    },
  };
}
