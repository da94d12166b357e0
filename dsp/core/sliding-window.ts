/**
 * The recent part of an endless stream, addressed by absolute index. Appending and discarding move data only when the
 * buffer is full, so that both are amortised O(1) and nothing is allocated once the capacity suffices.
 */
export class SlidingWindow {
  /** `data[i]` is item `start + i`, valid up to `end`. Changes identity when the window grows: do not keep it. */
  data: Float32Array;
  /** Absolute index of `data[0]`. */
  start = 0;
  /** Absolute index behind the last item. */
  end = 0;

  constructor(capacity: number) {
    this.data = new Float32Array(Math.max(16, capacity));
  }

  /** Makes room for `n` more items and returns the offset in `data` where they are to be written. */
  reserve(n: number): number {
    const used = this.end - this.start;
    if (used + n > this.data.length) {
      const grown = new Float32Array(Math.max(2 * this.data.length, used + n));
      grown.set(this.data.subarray(0, used));
      this.data = grown;
    }
    this.end += n;
    return used;
  }

  append(x: Float32Array, n: number): void {
    const at = this.reserve(n);
    this.data.set(n === x.length ? x : x.subarray(0, n), at);
  }

  /** Forgets the items before the absolute index `index`; moves only when more than half of the buffer is dead. */
  discardBefore(index: number): void {
    const dead = Math.min(index, this.end) - this.start;
    if (dead <= this.data.length >> 1) return;
    this.data.copyWithin(0, dead, this.end - this.start);
    this.start += dead;
  }

  reset(): void {
    this.start = 0;
    this.end = 0;
  }
}
