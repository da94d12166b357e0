import { isSilent } from '../core/silence.ts';
import type { Soft } from '../core/types.ts';
import type { BlockDetector, InnerDecoder, WordCoherence, WordDecoder } from '../framing/framing.ts';
import { CpmCyclic } from '../sync/cpm-cyclic.ts';
import { CpmSquaring } from '../sync/cpm-squaring.ts';
import type { CpmSync } from '../sync/cpm-sync.ts';
import { Derotator } from '../sync/derotator.ts';
import { channelFilter } from './channel-filter.ts';
import { CpmDetector, correlate, detectorLookAhead } from './cpm/detector.ts';
import { FrequencyRefiner } from './cpm/frequency-refiner.ts';
import { HeldSymbols, warmUpSymbols } from './cpm/held-symbols.ts';
import { IndexEstimator } from './cpm/index-estimator.ts';
import { usualBt } from './cpm/pulse-estimator.ts';
import { cpmReference, patterns, samplesPerSymbol } from './cpm/reference.ts';
import { SignalPowers } from './cpm/signal-powers.ts';
import { SymbolResampler } from './cpm/symbol-resampler.ts';
import { SyncFrequency } from './cpm/sync-frequency.ts';
import type { SymbolDemodulator, SymbolSink } from './symbol-stream.ts';

/** Symbols of one detection. */
const blockSymbols = 256;

export interface FskCpmOptions {
  /** At least four samples a symbol. */
  readonly sampleRate: number;
  readonly symbolRate: number;
  /** The carrier is searched within ± this, Hz. */
  readonly searchHz: number;
  /** Modulation index 2·deviation/symbolRate. */
  readonly h: number;
  /** Bandwidth-time product of the pulse; default: begins with 0.5 and follows what is found. */
  readonly bt?: number;
  /** Phase memory of the detector: 0.93 (default) from IQ, 0.8 from FM audio. A longer one locks to noise before a preamble. */
  readonly alpha?: number;
  /** Symbols that a joint decoding may reach back: the longest frame. 0 (default): none is done. */
  readonly historySymbols?: number;
  /** Channel bits of the words of some 100 symbols, one of which precedes every coded frame. */
  readonly syncWords?: readonly Uint8Array[];
  /** Indices that are received beside this one: what fits one of them clearly better is left to them. */
  readonly others?: readonly number[];
}

export interface FskCpm extends SymbolDemodulator {
  /** Decodes a convolutional code and the modulation together, from the samples of the last `historySymbols`. */
  readonly innerDecoder: InnerDecoder;
  /** Decodes a header word and the modulation together, from the samples of the last `heldSymbols` at least. */
  readonly wordDecoder: WordDecoder;
  /** Compares a word as a waveform, from the same samples. */
  readonly wordCoherence: WordCoherence;
  /** Detects symbols given what a code says of them, from the samples of the last `historySymbols`. */
  readonly blockDetector: BlockDetector;
  readonly modulationIndex: () => number;
}

/** Modulation indices whose squared signal has usable lines. */
const squaringRange = [0.47, 0.53] as const;
/** Modulation indices that a receiver with the cyclic synchroniser may come to, and one that starts below ½. */
const cyclicRange = [0.51, 1.1] as const;
const lowRange = [0.2, 0.49] as const;

/** Within these the index is followed; one above the usual range is declared, and followed near where it is. */
function indexLimits(h: number): readonly [number, number] {
  if (h <= squaringRange[0]) return lowRange;
  if (h < squaringRange[1]) return squaringRange;
  return h <= cyclicRange[1] ? cyclicRange : [0.9 * h, 1.1 * h];
}

/** Below it, a synchroniser's long window bends under the Doppler shift's rate more than it gains (AO-40 at 1250 Bd and 50 Hz/s: 2 dB). */
const fastSymbolRate = 2000;
const indexLookAhead = 512;
/** Phase memory of the joint decoder: the code holds the phase where symbol decisions would lose it. */
const jointAlpha = 0.97;
/** And where a sync word gave the frequency: the carrier drifts on behind it. */
const heldAlpha = 0.94;
/**
 * Largest soft value, in typical ones. A symbol whose flip would turn the carrier by half a cycle gets a ratio ten times
 * the others': true, but it would alone make up a correlation with a sync word.
 */
const surest = 2.5;
/** Symbols that are kept for header words. */
const heldSymbols = 2 * blockSymbols;
/**
 * FSK as what it is, continuous-phase modulation: Iq with the carrier near 0 Hz → soft symbols,
 * a few hundredths of a decibel from coherent detection. All feed-forward.
 */
export function fskCpm(options: FskCpmOptions, sink: SymbolSink): FskCpm {
  const { sampleRate, symbolRate, h } = options;
  const samplesPerPeriod = sampleRate / symbolRate;
  const bt = options.bt ?? usualBt;
  let reference = cpmReference(h, bt);
  const coded = (options.historySymbols ?? 0) > 0;
  const { searchHz } = options;
  const squaring = h > squaringRange[0] && h < squaringRange[1];
  const sync: CpmSync = squaring
    ? new CpmSquaring({
        sampleRate,
        symbolRate,
        searchHz,
        windowSymbols: coded && symbolRate >= fastSymbolRate ? 1024 : 512,
      })
    : new CpmCyclic({ sampleRate, symbolRate, searchHz, h, bt, long: coded, others: options.others ?? [] });
  // The squaring synchroniser's frequency is good to a hertz; the cyclic one's is not. The first pass needs a short
  // memory, since the frequency is still off by more than a longer one bears: by 0.06 symbol rates behind a preamble of
  // flags. Where a code works below 3 dB, symbols are too noisy for one as short as that.
  const refiners = squaring
    ? []
    : [
        new FrequencyRefiner(reference, { ...(coded ? { alpha: 0.6, lag: 3 } : { alpha: 0.4, lag: 2 }), window: 257 }),
        new FrequencyRefiner(reference, { alpha: 0.85, lag: 8, window: 129 }),
      ];
  const index = new IndexEstimator(h, options.bt ?? null, indexLimits(h), coded);
  const refinedLatency = refiners.reduce((sum, refiner) => sum + refiner.latency, 0);
  const words = squaring ? [] : (options.syncWords ?? []);
  const wordFrequency =
    coded && words.length > 0
      ? new SyncFrequency(reference, { words, spanSymbols: words[0]!.length + (options.historySymbols ?? 0) })
      : undefined;
  const memory = wordFrequency ? heldAlpha : jointAlpha;
  const derotator = new Derotator(sampleRate);
  const resampler = new SymbolResampler(samplesPerPeriod);
  const detector = new CpmDetector(reference, options.alpha ?? 0.93, blockSymbols + detectorLookAhead);
  const limit = 0.48 * sampleRate;
  const wide = channelFilter(
    sampleRate,
    Math.min((0.65 + 0.5 * h - 0.2) * symbolRate, 0.9 * limit),
    Math.min((0.65 + 0.5 * h + 0.2) * symbolRate, limit),
    1,
    (iq, n) => resampler.append(iq, 0, n),
  );
  /** What the detector reads: the last stage's symbols, or the resampler's own. */
  const symbols = wordFrequency?.output ?? refiners.at(-1)?.output ?? resampler.symbols;
  const z = new Float32Array(2 * patterns * (blockSymbols + detectorLookAhead));
  const llr = new Float32Array(blockSymbols) as Soft;
  const pattern = new Uint8Array(blockSymbols);
  const position = new Float64Array(blockSymbols);
  const offsetHz = new Float32Array(blockSymbols);
  const powers = new SignalPowers(blockSymbols);
  const signalPower = new Float32Array(blockSymbols);
  const noisePower = new Float32Array(blockSymbols);
  let decided = 0;
  // A frame is decoded up to some blocks after its last symbol.
  const history = Math.max(heldSymbols, coded ? options.historySymbols! + warmUpSymbols + 4 * blockSymbols : 0);
  const held = new HeldSymbols(symbols, history + 2 * blockSymbols, memory, reference);

  function onSync(sample: number, hz: number, boundary: number, foreign: boolean): void {
    derotator.estimate(sample, hz);
    const { output } = derotator;
    if (output.end > output.start) {
      if (foreign) output.data.fill(0, 0, output.end - output.start);
      wide.push(output.data, (output.end - output.start) / 2);
      output.start = output.end;
    }
    pending.push({ sample, boundary });
    // The interpolation of the last symbols before an anchor needs samples behind it: one anchor late.
    while (pending.length > 1) {
      const a = pending.shift()!;
      resampler.anchor(a.sample, a.boundary);
    }
    if (index.advance(resampler.symbols)) {
      reference = cpmReference(index.h, index.bt);
      for (const user of [detector, held, ...refiners, ...(wordFrequency ? [wordFrequency] : [])])
        user.setReference(reference);
    }
    refine(false);
    // The index is known two blocks ahead, so that the first burst of a transmitter is not lost to learning it.
    detectBlocks(blockSymbols + detectorLookAhead + indexLookAhead);
  }

  function refine(last: boolean): void {
    let input = resampler.symbols;
    for (const refiner of refiners) {
      refiner.advance(input, last);
      input = refiner.output;
    }
    wordFrequency?.advance(input, takenAt, last);
  }

  /** Cycles a symbol that synchroniser and refiners took out. */
  function takenAt(symbol: number): number {
    return refinedHz(symbol) / symbolRate;
  }

  function refinedHz(symbol: number): number {
    let hz = derotator.hzAt(resampler.position[symbol & (resampler.position.length - 1)]!);
    for (const refiner of refiners) hz += (refiner.frequencyOf(symbol) * symbolRate) / (2 * Math.PI);
    return hz;
  }
  const pending: { sample: number; boundary: number }[] = [];

  function detectBlocks(needed: number): void {
    const floats = 2 * samplesPerSymbol;
    for (;;) {
      const available = symbols.end / floats - decided;
      if (available < needed || available <= 0) return;
      const total = Math.min(available, blockSymbols + detectorLookAhead);
      const n = Math.min(total, blockSymbols);
      const from = decided * floats - symbols.start;
      const silent = isSilent(symbols.data, from, from + total * floats);
      if (silent) {
        silence(n);
      } else {
        correlate(reference, symbols.data, from, total, z);
        detector.detect(z, n, total - n, llr, pattern);
        powers.measure(reference, z, pattern, n, signalPower, noisePower);
      }
      const scale = 1 / typicalSize(llr, n);
      for (let k = 0; k < n; k++) {
        llr[k] = Math.max(-surest, Math.min(surest, llr[k]! * scale));
        const at = resampler.position[(decided + k) & (resampler.position.length - 1)]!;
        position[k] = at;
        if (silent) {
          offsetHz[k] = 0;
          held.decided(decided + k, 0, 0, 0);
          continue;
        }
        let hz = refinedHz(decided + k);
        if (wordFrequency) hz += (wordFrequency.frequencyOf(decided + k) * symbolRate) / (2 * Math.PI);
        offsetHz[k] = hz;
        // The correlation with a whole word is surer than any decision on its symbols.
        const certain = wordFrequency ? wordFrequency.knownPattern(decided + k) : -1;
        if (certain >= 0) {
          pattern[k] = certain;
          llr[k] = certain & 2 ? 1 : -1;
        }
        held.decided(decided + k, pattern[k]!, signalPower[k]!, noisePower[k]!);
      }
      decided += n;
      sink.symbols({ n, soft: [llr], position, offsetHz, signalPower, noisePower, modulationIndex: reference.h });
      symbols.discardBefore((decided - history - 8) * floats);
    }
  }

  function silence(n: number): void {
    llr.fill(0, 0, n);
    pattern.fill(0, 0, n);
    signalPower.fill(0, 0, n);
    noisePower.fill(0, 0, n);
    detector.reset();
    powers.forget();
  }

  function push(x: Float32Array, n: number): void {
    for (let at = 0; at < n; at += 2048) {
      const take = Math.min(2048, n - at);
      const piece = at === 0 && take === n ? x : x.subarray(2 * at, 2 * (at + take));
      derotator.push(piece, take);
      sync.push(piece, take, { sync: onSync });
    }
  }

  return {
    innerDecoder: (request) => held.decodeInner(request),
    wordDecoder: (request) => held.decodeWord(request, powers.coherence),
    wordCoherence: (symbol, bits) => held.coherenceOf(symbol, bits),
    blockDetector: (symbol, n) => held.openBlock(symbol, n),
    modulationIndex: () => index.h,
    push,
    flush() {
      const pad = new Float32Array(4096);
      const total =
        sync.latency +
        (blockSymbols + indexLookAhead + 2 * 128 + refinedLatency + (wordFrequency?.latency ?? 0)) * samplesPerPeriod;
      for (let left = total; left > 0; left -= 2048) push(pad, 2048);
      refine(true);
      detectBlocks(1);
    },
    reset() {
      for (const stage of [
        wide,
        sync,
        derotator,
        resampler,
        detector,
        powers,
        index,
        ...refiners,
        ...(wordFrequency ? [wordFrequency] : []),
      ])
        stage.reset();
      pending.length = 0;
      decided = 0;
    },
  };
}

/** Mean size of the ratios, the few excessive ones cut down to twice the plain mean. What is silent does not count. */
function typicalSize(llr: Float32Array, n: number): number {
  let plain = 1e-20;
  let heard = 0;
  for (let k = 0; k < n; k++) {
    if (llr[k] !== 0) heard++;
    plain += Math.abs(llr[k]!);
  }
  if (heard === 0) return 1;
  const limit = (2 * plain) / heard;
  let sum = 1e-20;
  for (let k = 0; k < n; k++) sum += Math.min(limit, Math.abs(llr[k]!));
  return sum / heard;
}
