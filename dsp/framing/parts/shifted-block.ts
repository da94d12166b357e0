/** Bytes at an end of a block that are looked at. */
const SHIFT_BYTES = 7;
/** Of as many bytes that are noise, those that happen to be right. */
const RIGHT_BY_CHANCE = 1;

/**
 * Whether a corrected block lies 7 bytes or more beside its place: the code is cyclic, and so is the scrambler's sequence, which is
 * one of its words at every phase, so that such a block decodes too, the bytes at one of its ends, which were noise, corrected.
 * @param received the `n` bytes before, @param corrected after the decoder
 */
export function isShifted(received: Uint8Array, corrected: Uint8Array, n: number): boolean {
  let head = 0;
  let tail = 0;
  for (let i = 0; i < SHIFT_BYTES; i++) {
    if (received[i] !== corrected[i]) head++;
    if (received[n - 1 - i] !== corrected[n - 1 - i]) tail++;
  }
  return Math.max(head, tail) >= SHIFT_BYTES - RIGHT_BY_CHANCE;
}
