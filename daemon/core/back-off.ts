/** Times between attempts that double up to a limit, each shortened by chance so that many clients spread out. */
export interface BackOff {
  /** Milliseconds to wait before the next attempt. */
  next(): number;
  /** The last attempt went well. */
  reset(): void;
}

export interface BackOffLimits {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** Quick enough to lose little of a pass, slow enough not to keep a machine busy. */
export const usualBackOff: BackOffLimits = { firstMs: 250, mostMs: 10_000 };

/** Waits are between half of and the whole nominal time. */
export function backOff({ firstMs, mostMs }: BackOffLimits, random: () => number): BackOff {
  let nominal = firstMs;
  return {
    next() {
      const wait = Math.round(nominal * (0.5 + 0.5 * random()));
      nominal = Math.min(2 * nominal, mostMs);
      return wait;
    },
    reset() {
      nominal = firstMs;
    },
  };
}
