/** How one value is stored. An IQ pair is two of them. */
export interface SampleCodec {
  readonly type: 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i24' | 'i32' | 'f32' | 'f64';
  readonly bigEndian?: boolean;
}

export const bytesOf = { u8: 1, i8: 1, u16: 2, i16: 2, u32: 4, i24: 3, i32: 4, f32: 4, f64: 8 } as const;

/** Counts over all values decoded so far. */
export interface ValueCounts {
  notANumber: number;
  clipped: number;
  values: number;
  /** The first value, while all others equal it. */
  constant: boolean;
  first: number;
}

export function noValues(): ValueCounts {
  return { notANumber: 0, clipped: 0, values: 0, constant: true, first: 0 };
}

/** A larger value can't be a sample; its square would overflow a 32-bit float. */
const largestSample = 1e12;

/**
 * Decodes `count` values from the start of `bytes` into `out`, full scale ±1, and counts what is odd about them. Values of
 * float formats keep their scale. u8 is centred on 127.5, as dongles give it.
 */
export function decodeValues(
  codec: SampleCodec,
  bytes: Uint8Array,
  count: number,
  out: Float32Array,
  counts: ValueCounts,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = codec.bigEndian !== true;
  switch (codec.type) {
    case 'u8':
      for (let i = 0; i < count; i++) out[i] = (bytes[i]! - 127.5) / 127.5;
      break;
    case 'i8':
      for (let i = 0; i < count; i++) out[i] = view.getInt8(i) / 128;
      break;
    case 'u16':
      for (let i = 0; i < count; i++) out[i] = (view.getUint16(2 * i, little) - 32768) / 32768;
      break;
    case 'i16':
      for (let i = 0; i < count; i++) out[i] = view.getInt16(2 * i, little) / 32768;
      break;
    case 'i24':
      for (let i = 0; i < count; i++) {
        const high = little ? view.getInt8(3 * i + 2) : view.getInt8(3 * i);
        const low = view.getUint16(little ? 3 * i : 3 * i + 1, little);
        out[i] = (high * 65536 + low) / 8388608;
      }
      break;
    case 'u32':
      for (let i = 0; i < count; i++) out[i] = (view.getUint32(4 * i, little) - 2147483648) / 2147483648;
      break;
    case 'i32':
      for (let i = 0; i < count; i++) out[i] = view.getInt32(4 * i, little) / 2147483648;
      break;
    case 'f32':
      for (let i = 0; i < count; i++) out[i] = view.getFloat32(4 * i, little);
      break;
    case 'f64':
      for (let i = 0; i < count; i++) out[i] = view.getFloat64(8 * i, little);
      break;
  }
  inspect(codec, count, out, counts);
}

function inspect(codec: SampleCodec, count: number, out: Float32Array, counts: ValueCounts): void {
  const float = codec.type === 'f32' || codec.type === 'f64';
  // The outermost code of either sign; a float recording is clipped where it stays exactly at full scale.
  const scale = {
    u8: 1,
    i8: 127 / 128,
    u16: 32767 / 32768,
    i16: 32767 / 32768,
    u32: 1,
    i24: 1 - 2 ** -23,
    i32: 1,
    f32: 1,
    f64: 1,
  };
  const rail = Math.fround(scale[codec.type]);
  if (counts.values === 0 && count > 0) counts.first = out[0]!;
  const first = counts.first;
  let constant = counts.constant;
  let clipped = 0;
  let notANumber = 0;
  for (let i = 0; i < count; i++) {
    const value = out[i]!;
    if (!(value <= largestSample && value >= -largestSample)) {
      out[i] = 0;
      notANumber++;
      continue;
    }
    if (value !== first) constant = false;
    if (float ? value === rail || value === -rail : value >= rail || value <= -rail) clipped++;
  }
  counts.constant = constant;
  counts.clipped += clipped;
  counts.notANumber += notANumber;
  counts.values += count;
}
