/** Builds WAV files of every kind, right and wrong. */
export interface WavParts {
  readonly form?: 'RIFF' | 'RF64' | 'BW64' | 'RIFX';
  readonly tag?: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly bits?: number;
  readonly blockAlign?: number;
  /** WAVE_FORMAT_EXTENSIBLE around `tag`. */
  readonly extensible?: boolean;
  readonly guidTail?: string;
  /** Chunks before the samples. */
  readonly before?: readonly Buffer[];
  readonly after?: readonly Buffer[];
  readonly data: Buffer;
  /** What the header says instead of the truth. */
  readonly riffSize?: number;
  readonly dataSize?: number;
}

export function chunk(id: string, body: Buffer, size = body.length): Buffer {
  const head = Buffer.alloc(8);
  head.write(id, 0, 'latin1');
  head.writeUInt32LE(size, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length & 1)]);
}

export function wav(parts: WavParts): Buffer {
  const { form = 'RIFF', tag = 1, channels = 1, sampleRate = 48000, bits = 16, extensible = false } = parts;
  const blockAlign = parts.blockAlign ?? channels * Math.ceil(bits / 8);
  const format = Buffer.alloc(extensible ? 40 : 16);
  format.writeUInt16LE(extensible ? 0xfffe : tag, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt32LE((sampleRate * blockAlign) >>> 0, 8);
  format.writeUInt16LE(blockAlign, 12);
  format.writeUInt16LE(bits, 14);
  if (extensible) {
    format.writeUInt16LE(22, 16);
    format.writeUInt16LE(bits, 18);
    format.writeUInt16LE(tag, 24);
    format.write(parts.guidTail ?? '000000001000800000aa00389b71', 26, 'hex');
  }
  const body = Buffer.concat([
    ...(parts.before ?? []),
    chunk('fmt ', format),
    chunk('data', parts.data, parts.dataSize),
    ...(parts.after ?? []),
  ]);
  const head = Buffer.alloc(12);
  head.write(form, 0, 'latin1');
  head.writeUInt32LE(parts.riffSize ?? body.length + 4, 4);
  head.write('WAVE', 8, 'latin1');
  return Buffer.concat([head, body]);
}

export function wideSize(dataBytes: number): Buffer {
  const body = Buffer.alloc(28);
  body.writeBigUInt64LE(BigInt(dataBytes), 8);
  return chunk('ds64', body);
}

/** SpectraVue's chunk: start, stop (SYSTEMTIME), centre frequency. */
export function auxiliary(start: readonly number[], centreHz: number): Buffer {
  const body = Buffer.alloc(68);
  for (const [i, value] of start.entries()) body.writeUInt16LE(value, 2 * i);
  body.writeUInt32LE(centreHz, 32);
  return chunk('auxi', body);
}

export function int16(...values: number[]): Buffer {
  const data = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) data.writeInt16LE(value, 2 * i);
  return data;
}
