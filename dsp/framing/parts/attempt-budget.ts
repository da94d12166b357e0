/**
 * How often something dear may be done: once in `symbolsPerAttempt` symbols on average, up to `saved` times in a row. What a
 * continuous stream costs is thus bounded, whatever it holds.
 */
export interface AttemptBudget {
  /** Whether it may be done at the absolute index `symbol`; if so, it is counted as done. */
  spend(symbol: number): boolean;
  reset(): void;
}

export function attemptBudget(symbolsPerAttempt: number, saved: number): AttemptBudget {
  const most = symbolsPerAttempt * saved;
  let credit = most;
  let last = 0;
  return {
    reset() {
      credit = most;
      last = 0;
    },
    spend(symbol) {
      credit = Math.min(most, credit + Math.max(0, symbol - last));
      last = symbol; // goes back after the end of an input that was completed with silence
      if (credit < symbolsPerAttempt) return false;
      credit -= symbolsPerAttempt;
      return true;
    },
  };
}
