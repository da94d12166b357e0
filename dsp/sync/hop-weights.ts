/** Symbols of a hop. */
export const hopSymbols = 128;
/** Weights of the hops that count for an estimate between their middle two: 512 symbols and their neighbours. */
export const shortWeights: readonly number[] = [1, 2, 3, 4, 4, 3, 2, 1];
/** Twice as many, for codes that work at a lower Es/N0. */
export const longWeights: readonly number[] = [1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 2, 2, 1, 1];
