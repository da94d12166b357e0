import { plausibleCharacter } from '../../coding/ax25-address.ts';
import { sliceBytes } from '../../coding/bits.ts';
import { cheapestEvents } from '../../coding/error-events.ts';
import { IL2P_HEADER_BYTES, type Il2pHeader, il2pDecode } from '../../coding/il2p-header.ts';
import { il2pDescramble } from '../../coding/il2p-scrambler.ts';
import { type ReedSolomon, reedSolomon } from '../../coding/reed-solomon.ts';
import type { Soft } from '../../core/types.ts';

const PARITY = 2;
const CODED_BYTES = IL2P_HEADER_BYTES + PARITY;
/** Symbols of a header behind its code. */
export const IL2P_HEADER_SYMBOLS: number = 8 * CODED_BYTES;
/** Least sure symbols of a header that are taken for wrong, in all combinations. */
const DOUBTED = 4;

/** IL2P's codes differ in their parity: 2 bytes for the header, 16 for each block of payload. */
export const il2pCode = (
  parity: 2 | 16,
): { fieldPolynomial: number; firstRoot: number; prim: number; parity: number } => ({
  fieldPolynomial: 0x11d,
  firstRoot: 0,
  prim: 1,
  parity,
});

export const il2pHeaderCode = (): ReedSolomon => reedSolomon(il2pCode(PARITY));

export interface Il2pCandidate extends Il2pHeader {
  /** Sum of |symbol| over those that were decided otherwise, in units of the mean |symbol|: about 0.3 for an error of noise. */
  readonly cost: number;
}

/**
 * The headers that 120 symbols may stand for, the least payload first, of equal ones the likeliest. The code corrects one byte, which is little and lets 1 of 17
 * random words pass: so likely errors are undone as well, but what that yields, or what stands behind a doubtful sync word, must look
 * like a header: call signs of letters and digits, or nothing but the length.
 */
export function il2pHeaders(): (symbols: Soft, sure: boolean) => readonly Il2pCandidate[] {
  const code = il2pHeaderCode();
  const received = new Uint8Array(CODED_BYTES);
  const word = new Uint8Array(CODED_BYTES);
  return (symbols, sure) => {
    sliceBytes(symbols, 0, CODED_BYTES, received);
    const doubted = cheapestEvents(symbols, 0, IL2P_HEADER_SYMBOLS, 1, DOUBTED);
    const found: Il2pCandidate[] = [];
    const seen = new Set<string>();
    for (let subset = 0; subset < 1 << doubted.length; subset++) {
      word.set(received);
      doubted.forEach((k, i) => {
        if ((subset >> i) & 1) word[k >> 3]! ^= 0x80 >> (k & 7);
      });
      if (code.decode(word, CODED_BYTES) < 0) continue;
      const header = il2pDecode(il2pDescramble(word.slice(0, IL2P_HEADER_BYTES)));
      if (!header || !((sure && subset === 0) || isPlausible(header))) continue;
      const key = `${header.payloadBytes} ${header.ax25}`;
      if (seen.has(key)) continue;
      seen.add(key);
      found.push({ ...header, cost: costOf(symbols, word) });
    }
    return found.sort((a, b) => a.payloadBytes - b.payloadBytes || a.cost - b.cost);
  };
}

function isPlausible({ ax25 }: Il2pHeader): boolean {
  for (let i = 0; i < Math.min(ax25.length, 13); i++) if (i !== 6 && !plausibleCharacter(ax25[i]!)) return false;
  return true;
}

function costOf(symbols: Soft, word: Uint8Array): number {
  let differing = 0;
  let all = 0;
  for (let k = 0; k < IL2P_HEADER_SYMBOLS; k++) {
    const size = Math.abs(symbols[k]!);
    all += size;
    if (symbols[k]! > 0 !== ((word[k >> 3]! >> (7 - (k & 7))) & 1) > 0) differing += size;
  }
  return all > 0 ? (differing * IL2P_HEADER_SYMBOLS) / all : 0;
}
