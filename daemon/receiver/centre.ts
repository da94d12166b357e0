/** A direct-conversion dongle has a spike at its centre: carriers keep this far from it where the sample rate allows. */
const dcClearanceHz = 100_000;
const dcClearanceOfRate = 1 / 8;
/** The dongle's filters fall off outside of this part of the sample rate. */
const usableOfRate = 0.8;
const stepHz = 5000;

/**
 * Centre frequency for a capture of as many of `frequenciesHz` as fit: their middle, moved so that none sits on the spike, and
 * never outside of `tuningHz`, the lowest and highest frequency that the radio tunes to; what it captures may reach beyond.
 * @throws RangeError without any frequency
 */
export function chooseCentre(
  frequenciesHz: readonly number[],
  sampleRate: number,
  tuningHz: readonly [number, number] = [0, Number.POSITIVE_INFINITY],
): number {
  if (frequenciesHz.length === 0) throw new RangeError('no frequency to receive');
  const group = largestGroup(frequenciesHz, usableOfRate * sampleRate);
  const low = Math.min(...group);
  const high = Math.max(...group);
  const middle = Math.round((low + high) / 2);
  const clearance = Math.min(dcClearanceHz, dcClearanceOfRate * sampleRate);
  const room = (usableOfRate * sampleRate - (high - low)) / 2;
  const distance = (centre: number) => Math.min(...group.map((f) => Math.abs(f - centre)));
  const [lowest, highest] = tuningHz;
  let best = Math.max(lowest, Math.min(highest, middle));
  for (let shift = 0; shift <= room && distance(best) < clearance; shift += Math.min(stepHz, sampleRate / 64)) {
    for (const centre of [middle + shift, middle - shift])
      if (centre >= lowest && centre <= highest && distance(centre) > distance(best)) best = centre;
  }
  return Math.round(best);
}

/** The most frequencies that lie within `width` of each other. */
function largestGroup(frequenciesHz: readonly number[], width: number): number[] {
  let best: number[] = [];
  for (const low of frequenciesHz) {
    const group = frequenciesHz.filter((f) => f >= low && f <= low + width);
    if (group.length > best.length) best = group;
  }
  return best;
}
