import type { ModulationParams, ReceiverInput } from '../core/receiver.ts';
import { ActivityGate } from '../sync/activity-gate.ts';
import { defaultSearchHz } from './carrier-search.ts';
import type { Stage } from './channel-filter.ts';
import type { DemodulatorPlan, Demodulators, FramingDemands, FrontEnd } from './demodulator.ts';
import { fmReceiver } from './fm-receiver.ts';
import { chain, front, rescaled } from './front.ts';
import { fskCpm } from './fsk-cpm.ts';
import { fskReal, fskRealVariants } from './fsk-real.ts';
import type { SymbolDemodulator, SymbolSink } from './symbol-stream.ts';
import { tonePair } from './tone-pair.ts';

/** GMSK and MSK, what most satellites send. */
const nominalIndex = 0.5;
/**
 * Declared indices that the sequence detector serves, several decibels better than the discriminator, which serves alone below
 * them. At 4 samples a symbol wider signals fold: they are two tones, each looked for by itself. (AX.25 at 10 dB: 97 % of the frames at 0.3, where the discriminator needs 18 dB; as many
 * at 2, where it loses half at 14 dB.)
 */
const indexRange = [0.22, 3.1] as const;
/** The gate knows signals up to this index; wider ones are declared, and rare. */
const gatedIndex = 1.15;
/** From here on the likeliest error is a single symbol, below it two neighbouring ones. */
const singleErrorsFrom = 0.75;

/** Where receivers start that find the index by themselves: one near ½, where the squaring synchroniser serves, two above. */
const starts = [nominalIndex, 0.7, 0.95];
/** A declared index takes the place of a start as near as this. */
const nearby = 0.12;

/**
 * Indices to be received side by side: the declared one is a prior only, since many published deviations are wrong or
 * missing. Each receiver follows the index that it finds, at the Eb/N0 at which it decodes, from 0.55 to 0.85 when it starts at
 * 0.7, above when it starts at 0.95.
 */
function modulationIndices({ deviationHz, symbolRate }: ModulationParams): readonly number[] {
  if (deviationHz === undefined) return starts;
  const declared = (2 * Math.abs(deviationHz)) / symbolRate;
  if (declared < indexRange[0] || declared > indexRange[1]) return [];
  // The start near ½ alone has the synchroniser for it, which a declared index must be very near to share.
  if (Math.abs(declared - nominalIndex) < 0.025) return starts;
  return [declared, ...starts.filter((h) => h === nominalIndex || Math.abs(h - declared) > nearby)];
}

/** Symbol rates beside the middle of the searched range that a CPM signal and the filters behind need. */
const cpmHalfWidth = 0.9;

/**
 * FSK on IQ: one front end for all, which leaves out what is only noise; behind it the sequence detectors of the likely
 * indices and the discriminator, which serves alone where the declared index is beyond theirs.
 */
export function fskIq(
  params: ModulationParams,
  input: Extract<ReceiverInput, { kind: 'iq' }>,
  demands: FramingDemands,
): Demodulators {
  const { symbolRate } = params;
  const { sampleRate } = input;
  const widthHz = 2 * Math.abs(params.deviationHz ?? symbolRate / 4) + symbolRate;
  const searchHz = input.searchHz ?? defaultSearchHz(sampleRate, widthHz);
  const indices = modulationIndices(params);
  const halfWidthHz = Math.max(widthHz / 2, indices.length > 0 ? cpmHalfWidth * symbolRate : 0);
  const passHz = Math.min(searchHz + halfWidthHz, 0.45 * sampleRate);
  const minRate = Math.max(4.5 * symbolRate, 2.2 * passHz);
  const { rate } = front(input, input.offsetHz ?? 0, passHz, minRate, () => {});
  const scale = sampleRate / rate;
  const coded = demands.codedSymbols > 0;

  const frontEnd = (next: Stage): FrontEnd => {
    const gate =
      indices.length > 0 && Math.max(...indices) <= gatedIndex
        ? new ActivityGate({ sampleRate: rate, symbolRate, searchHz, long: coded }, next)
        : undefined;
    const { stages } = front(input, input.offsetHz ?? 0, passHz, minRate, gate?.push ?? next);
    const push = stages[0]?.push ?? gate?.push ?? next;
    return {
      push,
      flush() {
        const pad = new Float32Array(2 * 2048);
        for (let left = 2048 + scale * (gate?.latency ?? 0); left > 0; left -= 2048) push(pad, 2048);
      },
      reset() {
        for (const stage of stages) stage.reset();
        gate?.reset();
      },
    };
  };

  const cpmPlan = (h: number): DemodulatorPlan => ({
    name: h === nominalIndex ? 'cpm' : `cpm-${h.toFixed(2)}`,
    variants: 1,
    errorEvents: (index) => (index < singleErrorsFrom ? 'pairs' : 'singles'),
    measuring: true,
    joint: true,
    iterative: true,
    make: (sink) =>
      fskCpm(
        {
          sampleRate: rate,
          symbolRate,
          searchHz,
          h,
          // A receiver that starts highest follows a signal of a lower index down to where the others are already.
          others: h === starts.at(-1) ? indices.filter((other) => other < h) : [],
          ...(coded ? { historySymbols: demands.codedSymbols, syncWords: demands.syncWords ?? [] } : {}),
        },
        rescaled(sink, scale),
      ),
  });
  // Under a convolutional code it is ten decibels worse than they: a last resort for what they don't fit.
  const variants = coded && indices.length > 0 ? 1 : fskRealVariants;
  const tones: DemodulatorPlan = {
    name: 'tones',
    variants: fskRealVariants,
    errorEvents: 'singles',
    make: (sink) => fskByTones(params, rate, searchHz, scale, sink),
  };
  const wide = 2 * Math.abs(params.deviationHz ?? 0) >= indexRange[1] * symbolRate;
  const better = indices.length === 0 && wide ? [tones] : indices.map(cpmPlan);
  const discriminator: DemodulatorPlan = {
    name: 'discriminator',
    variants,
    errorEvents: 'singles',
    ...(better.length > 0 ? { fallback: true } : {}),
    make: (sink) => fskByDiscriminator(params, rate, widthHz, searchHz, scale, variants, sink),
  };
  return { front: frontEnd, plans: [...better, discriminator] };
}

function fskByTones(
  { symbolRate, deviationHz = 0 }: ModulationParams,
  sampleRate: number,
  searchHz: number,
  scale: number,
  sink: SymbolSink,
): SymbolDemodulator {
  let toSymbols: Stage = () => {};
  const tones = tonePair({ sampleRate, symbolRate, deviationHz: Math.abs(deviationHz), searchHz }, (x, n) =>
    toSymbols(x, n),
  );
  const last = fskReal({ sampleRate, symbolRate, hzPerUnit: 0 }, rescaled(sink, scale, tones.offsetHzAt));
  toSymbols = last.push;
  return chain([tones], last, 2, tones.latency);
}

function fskByDiscriminator(
  { symbolRate }: ModulationParams,
  rate: number,
  widthHz: number,
  searchHz: number,
  scale: number,
  variants: number,
  sink: SymbolSink,
): SymbolDemodulator {
  let toSymbols: Stage = () => {};
  const fm = fmReceiver(rate, symbolRate, widthHz, searchHz, (audio, n) => toSymbols(audio, n));
  const last = fskReal({ sampleRate: rate, symbolRate, hzPerUnit: 1, variants }, rescaled(sink, scale, fm.offsetHzAt));
  toSymbols = last.push;
  return chain([fm], last, 2, fm.latency);
}
