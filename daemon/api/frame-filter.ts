import type { StoredFrame } from './wire.ts';

/** Which frames a client wants. */
export interface FrameFilter {
  /** For a query of the ledger; what is left out does not matter. */
  readonly wanted: { readonly satellite?: readonly string[]; readonly simulated?: boolean };
  /** Equal for equal filters. */
  readonly key: string;
  passes(frame: StoredFrame): boolean;
}

/** @param satellites names as they are stored, without regard to case; none: all */
export function makeFrameFilter(satellites: readonly string[], simulated: boolean | null): FrameFilter {
  const names = new Set(satellites.map(folded));
  return {
    wanted: {
      ...(names.size > 0 ? { satellite: satellites } : {}),
      ...(simulated === null ? {} : { simulated }),
    },
    key: JSON.stringify([[...names].sort(), simulated]),
    passes: (frame) =>
      (names.size === 0 || (frame.satellite !== null && names.has(folded(frame.satellite)))) &&
      (simulated === null || frame.simulated === simulated),
  };
}

export const everyFrame: FrameFilter = makeFrameFilter([], null);

/** The same letters as in SQLite's NOCASE. */
function folded(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
