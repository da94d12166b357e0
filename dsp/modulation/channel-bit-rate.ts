import type { ModulationParams } from '../core/receiver.ts';

/** Channel bits a second, which is what a framing sees: a symbol of four tones carries two. */
export function channelBitRate({ kind, symbolRate }: Pick<ModulationParams, 'kind' | 'symbolRate'>): number {
  return kind === 'fsk4' ? 2 * symbolRate : symbolRate;
}
