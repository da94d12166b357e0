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

/** The bits of each of the first `n` bytes in the opposite order, in place. */
export function reverseBits(bytes: Uint8Array, n: number = bytes.length): Uint8Array {
  for (let i = 0; i < n; i++) {
    let b = bytes[i]!;
    b = ((b & 0x55) << 1) | ((b >> 1) & 0x55);
    b = ((b & 0x33) << 2) | ((b >> 2) & 0x33);
    bytes[i] = ((b & 0x0f) << 4) | (b >> 4);
  }
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
