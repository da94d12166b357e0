/** Bits (0/1, one a byte) of `bytes`, most significant first: the order on the air of all framings but HDLC ones. */
export function unpackMsbFirst(bytes: Uint8Array): Uint8Array {
  const bits = new Uint8Array(8 * bytes.length);
  for (let i = 0; i < bits.length; i++) bits[i] = (bytes[i >> 3]! >> (7 - (i & 7))) & 1;
  return bits;
}

/** Bits of `bytes`, least significant first (HDLC). */
export function unpackLsbFirst(bytes: Uint8Array): Uint8Array {
  const bits = new Uint8Array(8 * bytes.length);
  for (let i = 0; i < bits.length; i++) bits[i] = (bytes[i >> 3]! >> (i & 7)) & 1;
  return bits;
}

/** Bytes from bits, first bit as the most significant; a last incomplete byte is filled with zeros. */
export function packMsbFirst(bits: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  for (let i = 0; i < bits.length; i++) bytes[i >> 3]! |= bits[i]! << (7 - (i & 7));
  return bytes;
}

/** Hard decisions of soft symbols `from` … `from + 8·bytes − 1`, packed most significant first into `out`. */
export function sliceBytes(soft: Float32Array, from: number, bytes: number, out: Uint8Array): void {
  let at = from;
  for (let i = 0; i < bytes; i++) {
    let byte = 0;
    for (let j = 0; j < 8; j++) byte = (byte << 1) | (soft[at++]! > 0 ? 1 : 0);
    out[i] = byte;
  }
}

/** How sure each of `bytes` bytes from symbol `from` on is: its least |soft|. */
export function byteReliability(soft: Float32Array, from: number, bytes: number, out: Float32Array): void {
  let at = from;
  for (let i = 0; i < bytes; i++) {
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < 8; j++) least = Math.min(least, Math.abs(soft[at++]!));
    out[i] = least;
  }
}

/** Turns round the bits of the first `n` bytes, in place. */
export function reverseBits(bytes: Uint8Array, n: number = bytes.length): void {
  for (let i = 0; i < n; i++) {
    let reversed = 0;
    for (let bit = 0; bit < 8; bit++) reversed |= ((bytes[i]! >> bit) & 1) << (7 - bit);
    bytes[i] = reversed;
  }
}
