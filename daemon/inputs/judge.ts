import type { SampleInput } from './input.ts';

/** What is to be said about an input once it was read. */
export interface Judgement {
  /** One line each, with the input's name. */
  readonly warnings: readonly string[];
  /** False when the input was not read completely, or most of it is useless. */
  readonly good: boolean;
}

/** FM audio of a noisy channel hits full scale now and then (measured: up to 27 % between packets); this much is worth a word. */
const clippedWorthSaying = 0.05;
/** A damaged recording has a few of these; random bytes read as floats have a third (measured). */
const wrongFormat = 0.1;
/** From here on it is no recording of a signal any more. */
const mostly = 0.5;

/** Looks at what was noticed while reading. Call it at the end. */
export function judge(input: SampleInput): Judgement {
  const { truncated, samplesRead, valuesRead: values, notANumber, clipped, silent } = input.condition;
  if (samplesRead === 0) return { warnings: [`${input.name}: holds not one sample`], good: false };
  const warnings: string[] = [];
  if (truncated !== null) warnings.push(truncated);
  if (notANumber > 0)
    warnings.push(
      `${input.name}: ${percent(notANumber / values)} of its values are not numbers (taken as 0); is the format right?`,
    );
  else if (silent) warnings.push(`${input.name}: silent, every sample is the same`);
  else if (clipped / values > clippedWorthSaying)
    warnings.push(`${input.name}: clipped, ${percent(clipped / values)} of its values are at full scale`);
  const useless = silent || notANumber / values > wrongFormat || clipped / values > mostly;
  return { warnings, good: truncated === null && !useless };
}

function percent(fraction: number): string {
  const value = 100 * fraction;
  return value < 0.01 ? 'under 0.01 %' : `${value < 10 ? value.toFixed(2) : Math.round(value)} %`;
}
