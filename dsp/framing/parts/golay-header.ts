import { golayDecode, golayEncode } from '../../coding/golay.ts';
import type { Soft } from '../../core/types.ts';
import type { WordDecoder } from '../framing.ts';
import { syncBits } from './burst.ts';
import type { Attempt } from './sync-deframer.ts';

/** Symbols of the header. */
export const golayHeaderSymbols = 24;

/**
 * The 12 bits behind a sync word under a Golay code, −1 when none of them is acceptable: by the demodulator, where it can
 * compare all words as waveforms, else by soft decisions.
 */
export function golayHeader(
  syncHex: string,
  accept: (data: number) => boolean,
  wordDecoder?: WordDecoder,
): (frame: Soft, attempt: Attempt) => number {
  const known = syncBits(syncHex);
  const accepted = Array.from({ length: 4096 }, (_, data) => data)
    .filter(accept)
    .sort((a, b) => golayEncode(a) - golayEncode(b));
  const words = Int32Array.from(accepted, golayEncode);
  return (frame, { symbol, inverted }) => {
    const index = wordDecoder?.({ symbol, known, words, wordBits: golayHeaderSymbols, inverted }) ?? -1;
    if (index === -2) return -1;
    return index >= 0 ? accepted[index]! : golayDecode(frame, 0, accept);
  };
}
