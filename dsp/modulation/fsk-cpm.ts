import type { Soft } from '../core/types.ts';
import { CpmSquaring } from '../sync/cpm-squaring.ts';
import type { CpmSync } from '../sync/cpm-sync.ts';
import { Derotator } from '../sync/derotator.ts';
import { channelFilter } from './channel-filter.ts';
import { CpmDetector, correlate, detectorLookAhead } from './cpm/detector.ts';
import { cpmReference, patterns, samplesPerSymbol } from './cpm/reference.ts';
import { SymbolResampler } from './cpm/symbol-resampler.ts';
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
  /** Bandwidth-time product of the pulse; 0.5 serves 0.3 to 1. */
  readonly bt?: number;
  /** Phase memory of the detector: 0.93 from IQ, 0.97 under a strong code, 0.8 from FM audio. */
  readonly alpha?: number;
  readonly windowSymbols?: number;
}

/**
 * FSK as what it is, continuous-phase modulation: Iq with the carrier near 0 Hz → soft symbols,
 * a few hundredths of a decibel from coherent detection. All feed-forward.
 */
export function fskCpm(options: FskCpmOptions, sink: SymbolSink): SymbolDemodulator {
  const { sampleRate, symbolRate, h } = options;
  const samplesPerPeriod = sampleRate / symbolRate;
  const reference = cpmReference(h, options.bt ?? 0.5);
  const sync: CpmSync = new CpmSquaring({
    sampleRate,
    symbolRate,
    searchHz: options.searchHz,
    ...(options.windowSymbols === undefined ? {} : { windowSymbols: options.windowSymbols }),
  });
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
  const z = new Float64Array(2 * patterns * (blockSymbols + detectorLookAhead));
  const llr = new Float32Array(blockSymbols) as Soft;
  const pattern = new Uint8Array(blockSymbols);
  const position = new Float64Array(blockSymbols);
  const offsetHz = new Float32Array(blockSymbols);
  let decided = 0;

  function onSync(sample: number, hz: number, boundary: number): void {
    derotator.estimate(sample, hz);
    const { output } = derotator;
    if (output.end > output.start) {
      wide.push(output.data, (output.end - output.start) / 2);
      output.start = output.end;
    }
    pending.push({ sample, boundary });
    // The interpolation of the last symbols before an anchor needs samples behind it: one anchor late.
    while (pending.length > 1) {
      const a = pending.shift()!;
      resampler.anchor(a.sample, a.boundary);
    }
    detectBlocks(blockSymbols + detectorLookAhead);
  }
  const pending: { sample: number; boundary: number }[] = [];

  function detectBlocks(needed: number): void {
    const floats = 2 * samplesPerSymbol;
    for (;;) {
      const available = resampler.symbols.end / floats - decided;
      if (available < needed || available <= 0) return;
      const total = Math.min(available, blockSymbols + detectorLookAhead);
      const n = Math.min(total, blockSymbols);
      correlate(reference, resampler.symbols.data, decided * floats - resampler.symbols.start, total, z);
      detector.detect(z, n, total - n, llr, pattern);
      let level = 1e-20;
      for (let k = 0; k < n; k++) level += Math.abs(llr[k]!);
      const scale = n / level;
      for (let k = 0; k < n; k++) {
        llr[k] = llr[k]! * scale;
        const at = resampler.position[(decided + k) & (resampler.position.length - 1)]!;
        position[k] = at;
        offsetHz[k] = derotator.hzAt(at);
      }
      decided += n;
      sink.symbols({ n, soft: [llr], position, offsetHz });
      resampler.symbols.discardBefore((decided - 64) * floats);
    }
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
    push,
    flush() {
      const pad = new Float32Array(4096);
      const total = sync.latency + (blockSymbols + 2 * 128) * samplesPerPeriod;
      for (let left = total; left > 0; left -= 2048) push(pad, 2048);
      detectBlocks(1);
    },
    reset() {
      for (const stage of [wide, sync, derotator, resampler, detector]) stage.reset();
      pending.length = 0;
      decided = 0;
    },
  };
}
