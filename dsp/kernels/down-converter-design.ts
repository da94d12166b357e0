import { lowPass } from '../filter/fir-design.ts';

/** One FIR decimator of a down-converter; taps in double precision, an odd number of them. */
export interface DecimatorStage {
  readonly decimation: number;
  readonly taps: Float64Array;
}

export interface DownConverterDesign {
  readonly sampleRate: number;
  /** sampleRate / decimation; not always a whole number. */
  readonly outputRate: number;
  readonly decimation: number;
  /** ± this is flat within 0.5 per mille; at the default `stopDb` aliases in it are 70 dB down (both tested). */
  readonly passbandHz: number;
  /** Asked of the design; Kaiser's formulas and the sum of two stages can cost some dB of it. */
  readonly stopDb: number;
  readonly stages: readonly [DecimatorStage] | readonly [DecimatorStage, DecimatorStage];
}

const defaultStopDb = 76;
/** Cost per output sample of all that follows, in multiplications: keeps the output rate from being higher than asked. */
const laterCost = 1200;

/**
 * The cheapest one or two stages whose output rate is at least `outputRateAtLeast` (and below twice that, where the sample
 * rate allows) and whose pass band is ±`passbandHz`.
 * @throws RangeError unless 0 < passbandHz ≤ 0.48·outputRateAtLeast and outputRateAtLeast ≤ sampleRate
 */
export function designDownConverter(
  sampleRate: number,
  outputRateAtLeast: number,
  passbandHz: number,
  stopDb: number = defaultStopDb,
): DownConverterDesign {
  if (!(outputRateAtLeast > 0 && outputRateAtLeast <= sampleRate && Number.isFinite(sampleRate)))
    throw new RangeError(`an output rate of ${outputRateAtLeast} Hz does not fit a sample rate of ${sampleRate} Hz`);
  if (!(passbandHz > 0 && passbandHz <= 0.48 * outputRateAtLeast))
    throw new RangeError(`a pass band of ±${passbandHz} Hz does not fit an output rate of ${outputRateAtLeast} Hz`);
  const most = Math.floor(sampleRate / outputRateAtLeast);
  let best = { cost: Number.POSITIVE_INFINITY, first: 1, second: 1 };
  for (let decimation = Math.max(1, Math.ceil(most / 2)); decimation <= most; decimation++)
    for (let second = 1; second <= decimation; second++) {
      if (decimation % second !== 0) continue;
      const cost = stageCost(sampleRate, decimation / second, second, passbandHz);
      if (cost < best.cost) best = { cost, first: decimation / second, second };
    }
  const decimation = best.first * best.second;
  const middleRate = sampleRate / best.first;
  const first = { decimation: best.first, taps: stageTaps(sampleRate, best.first, passbandHz, stopDb) };
  const second = { decimation: best.second, taps: stageTaps(middleRate, best.second, passbandHz, stopDb) };
  return {
    sampleRate,
    outputRate: sampleRate / decimation,
    decimation,
    passbandHz,
    stopDb,
    stages: best.second === 1 ? [first] : [first, second],
  };
}

/** Only what folds into the pass band must be stopped: the stop band begins at the output rate less the pass band. */
function stageTaps(rate: number, decimation: number, passHz: number, stopDb: number): Float64Array {
  // 3 dB more, because the formulas of the Kaiser window fall up to 2.1 dB short (measured).
  return lowPass({ sampleRate: rate, passHz, stopHz: rate / decimation - passHz, stopDb: stopDb + 3 });
}

/** Multiplications per input sample; complex taps in the first stage cost twice. */
function stageCost(sampleRate: number, first: number, second: number, passHz: number): number {
  const middleRate = sampleRate / first;
  const outputRate = middleRate / second;
  const taps = (rate: number, transitionHz: number) => (5 * rate) / transitionHz;
  const firstCost = (2 * taps(sampleRate, middleRate - 2 * passHz)) / first;
  const secondCost = second === 1 ? 0 : taps(middleRate, outputRate - 2 * passHz) / (first * second);
  return firstCost + secondCost + laterCost / (first * second);
}
