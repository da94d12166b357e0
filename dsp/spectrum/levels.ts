/** dB of a level of 8 bits: `floorDb + level · stepDb`, against a tone of full scale. */
export const levelScale = { floorDb: -120, stepDb: 0.5 } as const;

/**
 * Any part of a spectrum as a row of any number of columns. A column shows the strongest of its bins: the mean would dilute a
 * carrier of one bin by the number of bins (9 dB for 8), while the strongest of 8 bins of noise, averaged over 8 blocks,
 * reads only 3 dB above their mean.
 * @param power power of each bin, times `blocks`
 * @param fromBin left edge of the first column, in bins; `toBin`: right edge of the last one. Outside of `power`: level 0
 */
export function writeLevels(
  power: Float32Array,
  blocks: number,
  fromBin: number,
  toBin: number,
  levels: Uint8Array,
): void {
  const columns = levels.length;
  const perColumn = (toBin - fromBin) / columns;
  for (let column = 0; column < columns; column++) {
    const left = fromBin + column * perColumn;
    const first = Math.max(0, Math.floor(left + 1e-9));
    const behind = Math.min(power.length, Math.max(first + 1, Math.floor(left + perColumn + 1e-9)));
    let most = 0;
    for (let k = first; k < behind; k++) if (power[k]! > most) most = power[k]!;
    levels[column] = levelOf(most / blocks);
  }
}

/** The nearest level of a power. */
export function levelOf(power: number): number {
  const level = Math.round((10 * Math.log10(power) - levelScale.floorDb) / levelScale.stepDb);
  return level > 0 ? Math.min(255, level) : 0;
}
