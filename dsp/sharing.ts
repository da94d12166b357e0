import type { ReceiverInput } from './core/receiver.ts';
import type { FramingParams } from './framing/framing.ts';
import { codedSymbols, syncWords } from './framing/index.ts';
import { formatMode, type Mode } from './mode.ts';
import type { FramingDemands } from './modulation/demodulator.ts';

/** What the framings of one receiver mean to its demodulators. @throws RangeError as makeDeframer */
export function framingDemands(framings: readonly [FramingParams, ...FramingParams[]]): FramingDemands {
  return { codedSymbols: Math.max(...framings.map(codedSymbols)), syncWords: syncWords(framings[0]) };
}

/**
 * Modes of the same key can be received by one receiver, which gives of each what a receiver of its own would give: they
 * have the same modulation, and set its demodulators up alike. A mode whose framing makes no sense shares with none.
 */
export function sharingKey(mode: Mode, input: ReceiverInput['kind']): string {
  const { modulation, framing } = mode;
  try {
    const demands = framingDemands([framing]);
    const matters = modulation.kind === 'fsk' && input === 'iq';
    return `${formatMode({ modulation, framing: { kind: '' } })} ${matters ? setUpBy(demands) : ''}`;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return formatMode(mode);
  }
}

/**
 * How demodulators are set up for a framing. The length of coded frames says only how long samples are kept, unless sync words
 * are sought: then it is also what they are sought for.
 */
function setUpBy({ codedSymbols: symbols, syncWords: words = [] }: FramingDemands): string {
  if (symbols === 0) return 'uncoded';
  return words.length === 0 ? 'coded' : `coded ${symbols} ${words.map((bits) => bits.join('')).join(' ')}`;
}
