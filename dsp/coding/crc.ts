/** A cyclic redundancy code in the parameter model of R. Williams, "A Painless Guide to CRC Error Detection Algorithms". */
export interface CrcParams {
  readonly width: 5 | 8 | 13 | 16 | 32;
  readonly polynomial: number;
  readonly init: number;
  /** Bits of bytes taken least significant first, and the register read likewise. */
  readonly reflected: boolean;
  readonly xorOut: number;
}

/** The codes of satellite downlinks. Source: catalogue of parametrised CRC algorithms, by their check values. */
export const crcs = {
  x25: { width: 16, polynomial: 0x1021, init: 0xffff, reflected: true, xorOut: 0xffff },
  'ccitt-false': { width: 16, polynomial: 0x1021, init: 0xffff, reflected: false, xorOut: 0 },
  xmodem: { width: 16, polynomial: 0x1021, init: 0, reflected: false, xorOut: 0 },
  arc: { width: 16, polynomial: 0x8005, init: 0, reflected: true, xorOut: 0 },
  usb: { width: 16, polynomial: 0x8005, init: 0xffff, reflected: true, xorOut: 0xffff },
  cc11xx: { width: 16, polynomial: 0x8005, init: 0xffff, reflected: false, xorOut: 0 },
  sx126x: { width: 16, polynomial: 0x1021, init: 0x1d0f, reflected: false, xorOut: 0xffff },
  crc32c: { width: 32, polynomial: 0x1edc6f41, init: 0xffffffff, reflected: true, xorOut: 0xffffffff },
  crc5: { width: 5, polynomial: 0x15, init: 0x1f, reflected: false, xorOut: 0 },
  crc13: { width: 13, polynomial: 0x1cf5, init: 0x1fff, reflected: false, xorOut: 0 },
  crc8: { width: 8, polynomial: 0x07, init: 0, reflected: false, xorOut: 0 },
} as const satisfies Record<string, CrcParams>;

export type CrcName = keyof typeof crcs;

/** The CRC of `bytes[from … to)` as an unsigned integer. */
export type Crc = (bytes: Uint8Array, from?: number, to?: number) => number;

const made = new Map<CrcName, Crc>();

export function crc(name: CrcName): Crc {
  let found = made.get(name);
  if (!found) {
    found = makeCrc(crcs[name]);
    made.set(name, found);
  }
  return found;
}

function makeCrc({ width, polynomial, init, reflected, xorOut }: CrcParams): Crc {
  const table = new Int32Array(256);
  // Both kinds run in a 32-bit register: the plain one left-aligned, the reflected one right-aligned.
  const shift = 32 - width;
  const poly = reflected ? reflect(polynomial, width) : polynomial << shift;
  for (let i = 0; i < 256; i++) {
    let r = reflected ? i : i << 24;
    for (let j = 0; j < 8; j++) {
      if (reflected) r = r & 1 ? (r >>> 1) ^ poly : r >>> 1;
      else r = r < 0 ? (r << 1) ^ poly : r << 1;
    }
    table[i] = r;
  }
  const start = reflected ? reflect(init, width) : init << shift;
  return reflected
    ? (bytes, from = 0, to = bytes.length) => {
        let r = start;
        for (let i = from; i < to; i++) r = (r >>> 8) ^ table[(r ^ bytes[i]!) & 255]!;
        return (r ^ xorOut) >>> 0;
      }
    : (bytes, from = 0, to = bytes.length) => {
        let r = start;
        for (let i = from; i < to; i++) r = (r << 8) ^ table[((r >>> 24) ^ bytes[i]!) & 255]!;
        return ((r >>> shift) ^ xorOut) >>> 0;
      };
}

function reflect(value: number, width: number): number {
  let out = 0;
  for (let i = 0; i < width; i++) if ((value >>> i) & 1) out |= 1 << (width - 1 - i);
  return out;
}
