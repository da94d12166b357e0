import type { CpmSync, CpmSyncSink } from './cpm-sync.ts';
import { LineRows } from './line-rows.ts';
import { SquaringLane } from './squaring-lane.ts';

export interface CpmSquaringOptions {
  readonly sampleRate: number;
  readonly symbolRate: number;
  /** The carrier is searched within ± this, Hz. */
  readonly searchHz: number;
  /** Symbols of one estimate: 512 for uncoded framings, 1024 where a strong code works at a lower Es/N0. */
  readonly windowSymbols?: number;
}

/** Symbols between estimates. */
const hopSymbols = 128;
/** A lane covers ± this much around its centre, and lanes lie so far apart, in symbol rates. */
const laneReach = 0.13;
const laneSpacing = 0.24;
/** Lanes whose spectrum is taken, those with the most power. */
const lanesMeasured = 5;
/** Largest Doppler rate of a satellite in low orbit at 435 MHz that nobody corrected, Hz/s, rounded. */
const greatestRate = 90;
/** Phase that the squared carrier may bend away at the ends of a block, rad: costs some tenths of a decibel. */
const greatestBend = 2;
/** Rates that are tried at most: slower codes than 2400 Bd bear a smaller Doppler rate. */
const mostRates = 13;
/** Estimates on each side that are summed before a decision. */
const side = 2;

/**
 * Carrier frequency and symbol timing of binary CPM with h near ½ (GMSK), both feed-forward and without data: squared,
 * it has lines at 2f ± 1/(2T). Their frequency gives f, their phase difference the symbol boundaries. Noise gives random
 * values for f and timing, so neighbours are combined as powers and phasors, never as values. The weaker of the two
 * lines counts: the preamble 1010… has one more line at 2f, which alone would read as a carrier ±1/(4T) off.
 *
 * Source: de Buda, "Coherent demodulation of FSK with low deviation ratio", IEEE Trans. Comm. 20 (1972).
 */
export class CpmSquaring implements CpmSync {
  readonly latency: number;
  private readonly lanes: readonly SquaringLane[];
  private readonly hopSamples: number;
  private readonly rates: readonly number[];
  /** Bins that a carrier of each rate moves in one block. */
  private readonly binsPerBlock: Float64Array;
  private readonly rows: LineRows;
  private readonly phasors = new Float64Array(16);
  private readonly hz = new Float64Array(8);
  private readonly laneOrder: Uint16Array;
  private readonly lanePower: Float64Array;
  private block = 0;
  private lastBoundary = 0;

  constructor(options: CpmSquaringOptions) {
    const { sampleRate, symbolRate, searchHz } = options;
    // The squared signal needs ±0.76 symbol rates only: every second sample of five a symbol.
    const factor = Math.max(1, Math.floor(sampleRate / symbolRate / 2.4));
    const perSymbol = sampleRate / factor / symbolRate;
    const windowSymbols = options.windowSymbols ?? 512;
    const length = Math.round(windowSymbols * perSymbol);
    const hop = Math.round(hopSymbols * perSymbol);
    const sideLanes = Math.max(0, Math.ceil((searchHz / symbolRate - laneReach) / laneSpacing));
    const reachHz = Math.min(laneReach * symbolRate, searchHz);
    // Slow symbols have long blocks, in which an uncorrected Doppler shift bends the lines over many bins.
    const halfS = length / (sampleRate / factor) / 2;
    this.rates = dopplerRates(greatestBend / (2 * Math.PI * halfS * halfS));
    this.lanes = Array.from(
      { length: 2 * sideLanes + 1 },
      (_, i) =>
        new SquaringLane({
          sampleRate,
          symbolRate,
          centreHz: (i - sideLanes) * laneSpacing * symbolRate,
          reachHz,
          factor,
          length,
          hop,
          rates: this.rates,
          // Short blocks need a finer frequency for their timing; many spectra a block, or long ones, are dear.
          fineBins: this.rates.length === 1 && windowSymbols <= 512,
        }),
    );
    this.laneOrder = new Uint16Array(this.lanes.length);
    this.lanePower = new Float64Array(this.lanes.length);
    this.hopSamples = hop * factor;
    this.rows = new LineRows(this.lanes[0]!.bins);
    const { binHz } = this.lanes[0]!;
    this.binsPerBlock = Float64Array.from(this.rates, (rate) => (rate * this.hopSamples) / sampleRate / binHz);
    this.latency = factor * (length + (2 * side + 2) * hop);
  }

  push(iq: Float32Array, n: number, sink: CpmSyncSink): void {
    for (const lane of this.lanes) lane.push(iq, n);
    for (;;) {
      // All lanes have the same input and the same filter: they are ready together.
      if (this.lanes[0]!.power(this.block) < 0) return;
      this.measure();
      this.block++;
      // The frequency of an estimate needs `side` later blocks, its smoothed timing as many decided ones again.
      const decided = this.block - 1 - side;
      if (decided >= 0) this.decide(decided);
      if (decided - side >= 0) this.emit(decided - side, sink);
    }
  }

  /**
   * The lanes with the most power are looked at: where a signal is strong enough to be decoded, its lane stands out from
   * noise by more than a decibel, even beside some strong neighbours.
   */
  private measure(): void {
    const { lanes, block, laneOrder, lanePower } = this;
    for (let i = 0; i < lanes.length; i++) {
      lanePower[i] = lanes[i]!.power(block);
      let at = i;
      for (; at > 0 && lanePower[laneOrder[at - 1]!]! < lanePower[i]!; at--) laneOrder[at] = laneOrder[at - 1]!;
      laneOrder[at] = i;
    }
    for (let i = 0; i < lanes.length; i++) {
      const lane = lanes[laneOrder[i]!]!;
      if (i < lanesMeasured && lanePower[laneOrder[i]!]! > 0) lane.measure(block);
      else lane.skip(block);
    }
  }

  private decide(block: number): void {
    let best = -1;
    let bestLane = this.lanes[0]!;
    let bestHz = 0;
    let bestRate = 0;
    const { rows, rates } = this;
    for (let i = 0; i < this.lanes.length * rates.length; i++) {
      const lane = this.lanes[Math.floor(i / rates.length)]!;
      const rate = i % rates.length;
      if (lane.lastMeasured < block - side) continue;
      for (let d = -side; d <= side; d++) {
        const b = block + d;
        // Where the carrier was in that block, if it is at bin k now.
        const moved = Math.round(d * this.binsPerBlock[rate]!);
        rows.set(d + side, b < 0 ? undefined : lane.powers[b & 7]!, rate * lane.bins, moved);
      }
      const k = rows.best(best);
      if (k < 0) continue;
      best = rows.score(k);
      bestLane = lane;
      bestRate = rate;
      const a = rows.power(k - 1);
      const c = rows.power(k + 1);
      const curve = a - 2 * rows.power(k) + c;
      const delta = curve < 0 ? Math.max(-1, Math.min(1, (0.5 * (a - c)) / curve)) : 0;
      bestHz = (k + delta - lane.reach) * lane.binHz;
    }
    if (!(best > 0)) {
      // In silence there is nothing to follow: the carrier stays where it was.
      this.hz[block & 7] = block > 0 ? this.hz[(block - 1) & 7]! : 0;
      this.phasors.fill(0, 2 * (block & 7), 2 * (block & 7) + 2);
      return;
    }
    this.hz[block & 7] = bestLane.centreHz + bestHz;
    bestLane.phasor(block, bestHz, bestRate, this.phasors, 2 * (block & 7));
  }

  private emit(block: number, sink: CpmSyncSink): void {
    let re = 0;
    let im = 0;
    for (let b = Math.max(0, block - side); b <= block + side; b++) {
      re += this.phasors[2 * (b & 7)]!;
      im += this.phasors[2 * (b & 7) + 1]!;
    }
    // Boundary in symbols, unwrapped from block to block.
    const t0 = re === 0 && im === 0 ? this.lastBoundary : -Math.atan2(im, re) / (2 * Math.PI);
    this.lastBoundary =
      block === 0 ? t0 : this.lastBoundary + (t0 - this.lastBoundary - Math.round(t0 - this.lastBoundary));
    sink.sync(block * this.hopSamples, this.hz[block & 7]!, this.lastBoundary, false);
  }

  reset(): void {
    this.block = 0;
    this.lastBoundary = 0;
    for (const lane of this.lanes) lane.reset();
  }
}

/** Rates so close that one of them is within `reach` Hz/s of any that may come. 0 alone for short blocks. */
function dopplerRates(reach: number): number[] {
  const side = Math.min(mostRates >> 1, Math.max(0, Math.ceil((greatestRate - reach) / (2 * reach))));
  return Array.from({ length: 2 * side + 1 }, (_, i) => (i - side) * 2 * reach);
}
