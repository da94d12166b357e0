import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InputError, type SampleInput } from '../../daemon/inputs/input.ts';
import { judge } from '../../daemon/inputs/judge.ts';
import { type OpenOptions, openInput, openStream } from '../../daemon/inputs/open-input.ts';
import { auxiliary, chunk, int16, wav, wideSize } from './wav-file.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-wav-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const piped = (bytes: Buffer, options?: OpenOptions) => openStream(Readable.from([bytes]), options);

function saved(bytes: Buffer, name = 'a.wav', options?: OpenOptions): Promise<SampleInput> {
  writeFileSync(join(folder, name), bytes);
  return openInput(join(folder, name), options);
}

async function readAll(input: SampleInput): Promise<number[]> {
  const values: number[] = [];
  const buffer = new Float32Array(6);
  const width = input.kind === 'iq' ? 2 : 1;
  for (;;) {
    const n = await input.read(buffer);
    if (n === 0) break;
    values.push(...buffer.subarray(0, n * width));
  }
  await input.close();
  return values;
}

const ramp = [-1, -0.5, 0, 0.25, 0.5, 0.75];
const widths = {
  16: (v: number, b: Buffer, i: number) => b.writeInt16LE(Math.min(32767, v * 32768), 2 * i),
  24: (v: number, b: Buffer, i: number) => b.writeIntLE(v * 8388608, 3 * i, 3),
  32: (v: number, b: Buffer, i: number) => b.writeInt32LE(v * 2147483648, 4 * i),
} as const;

test.each([16, 24, 32] as const)(
  '%d-bit PCM keeps its values, plain and extensible, one channel and two',
  async (bits) => {
    const data = Buffer.alloc((ramp.length * bits) / 8);
    for (const [i, value] of ramp.entries()) widths[bits](value, data, i);
    for (const extensible of [false, true]) {
      const mono = await saved(wav({ bits, extensible, data }));
      expect([mono.kind, mono.sampleRate, mono.totalSamples]).toEqual(['real', 48000, 6]);
      expect(await readAll(mono)).toEqual(ramp);
      const pairs = await saved(wav({ bits, extensible, channels: 2, sampleRate: 2_400_001, data }));
      expect([pairs.kind, pairs.sampleRate, pairs.totalSamples]).toEqual(['iq', 2_400_001, 3]);
      expect(await readAll(pairs)).toEqual(ramp);
    }
  },
);

test.each([
  [32, (v: number, b: Buffer, i: number) => b.writeFloatLE(v, 4 * i)],
  [64, (v: number, b: Buffer, i: number) => b.writeDoubleLE(v, 8 * i)],
] as const)('%d-bit float keeps its values', async (bits, write) => {
  const data = Buffer.alloc((ramp.length * bits) / 8);
  for (const [i, value] of ramp.entries()) write(value, data, i);
  expect(await readAll(await saved(wav({ tag: 3, bits, data })))).toEqual(ramp);
});

test('8-bit PCM is unsigned', async () => {
  const values = await readAll(await saved(wav({ bits: 8, data: Buffer.from([0, 255, 127, 128]) })));
  expect(values).toEqual([-1, 1, Math.fround(-1 / 255), Math.fround(1 / 255)]);
});

test('--audio takes the first channel of two', async () => {
  const bytes = wav({ channels: 2, data: int16(16384, 1, -16384, 2) });
  const input = await saved(bytes, 'b.wav', { kind: 'real' });
  expect([input.kind, await readAll(input)]).toEqual(['real', [0.5, -0.5]]);
});

test('odd chunks before and after the samples are passed over', async () => {
  const odd = chunk('LIST', Buffer.from('abc'));
  const bytes = wav({ before: [odd, chunk('junk', Buffer.alloc(70001))], after: [odd], data: int16(16384, -16384) });
  expect(await readAll(await saved(bytes))).toEqual([0.5, -0.5]);
  expect(await readAll(await piped(bytes))).toEqual([0.5, -0.5]);
});

test.each([0, 0xffffffff, 0x7ffff000])('a size of %d, as pipes leave it, means up to the end', async (dataSize) => {
  const bytes = wav({ data: int16(16384, -16384), dataSize, riffSize: 0xffffffff });
  for (const input of [await saved(bytes), await piped(bytes)]) {
    expect(await readAll(input)).toEqual([0.5, -0.5]);
    expect(judge(input)).toEqual({ warnings: [], good: true });
  }
});

test.each(['RF64', 'BW64'] as const)('%s has its size in ds64', async (form) => {
  const after = [chunk('LIST', Buffer.alloc(10))];
  const bytes = wav({
    form,
    before: [wideSize(4)],
    after,
    data: int16(16384, -16384),
    dataSize: 0xffffffff,
    riffSize: 0xffffffff,
  });
  expect(await readAll(await saved(bytes))).toEqual([0.5, -0.5]);
});

test('a truncated file is read to its end and then called so', async () => {
  const bytes = wav({ data: int16(1, 2, 3, 4, 5, 6, 7, 8), sampleRate: 4 }).subarray(0, -9);
  for (const input of [await saved(bytes), await piped(bytes)]) {
    expect(await readAll(input)).toHaveLength(3);
    expect(judge(input)).toEqual({
      warnings: [`${input.name}: truncated, 0.750 s of 2.000 s are there`],
      good: false,
    });
  }
});

test('silent, clipped and NaN-filled files are called so', async () => {
  const verdict = async (bytes: Buffer) => {
    const input = await saved(bytes);
    const values = await readAll(input);
    expect(values.every(Number.isFinite)).toBe(true);
    const { warnings, good } = judge(input);
    return [warnings.map((line) => line.slice(input.name.length + 2)), good];
  };
  const float = (values: number[]) => wav({ tag: 3, bits: 32, data: Buffer.from(Float32Array.from(values).buffer) });
  expect(await verdict(wav({ data: int16(0, 0, 0, 0) }))).toEqual([['silent, every sample is the same'], false]);
  expect(await verdict(wav({ data: int16(32767, -32768, 32767, -32768) }))).toEqual([
    ['clipped, 100 % of its values are at full scale'],
    false,
  ]);
  expect(await verdict(wav({ data: int16(32767, 5, -32768, 6, 1, 2, 3, 4) }))).toEqual([
    ['clipped, 25 % of its values are at full scale'],
    true,
  ]);
  expect(await verdict(float([Number.NaN, Number.NaN, 3e38, 0]))).toEqual([
    ['75 % of its values are not numbers (taken as 0); is the format right?'],
    false,
  ]);
  expect(await verdict(float([Number.POSITIVE_INFINITY, ...Array.from({ length: 19 }, (_, i) => i / 40)]))).toEqual([
    ['5.00 % of its values are not numbers (taken as 0); is the format right?'],
    true,
  ]);
});

test.each<[string, Buffer, string, string]>([
  ['nothing', Buffer.alloc(0), 'INPUT_EMPTY', 'is empty'],
  ['text', Buffer.from('ID3 this is music, not samples'), 'INPUT_NOT_WAV', 'is not a WAV file'],
  ['no samples', wav({ data: Buffer.alloc(0) }), 'INPUT_EMPTY', 'WAV file without samples'],
  [
    'only a tail',
    wav({ data: Buffer.alloc(0), after: [chunk('LIST', Buffer.alloc(8))] }),
    'INPUT_EMPTY',
    'WAV file without samples',
  ],
  [
    'no data chunk',
    wav({ data: int16(1) }).subarray(0, 36),
    'INPUT_MALFORMED',
    'WAV file without samples (no data chunk)',
  ],
  [
    'three channels',
    wav({ channels: 3, data: int16(1, 2, 3) }),
    'INPUT_FORMAT_UNSUPPORTED',
    'WAV file with 3 channels: 1 is audio, 2 are IQ',
  ],
  [
    'no channel',
    wav({ channels: 0, data: int16(1) }),
    'INPUT_FORMAT_UNSUPPORTED',
    'WAV file with 0 channels: 1 is audio, 2 are IQ',
  ],
  ['40 bits', wav({ bits: 40, data: int16(1) }), 'INPUT_FORMAT_UNSUPPORTED', 'WAV file with 40-bit PCM samples'],
  ['16-bit float', wav({ tag: 3, data: int16(1) }), 'INPUT_FORMAT_UNSUPPORTED', 'WAV file with 16-bit float samples'],
  [
    'ADPCM',
    wav({ tag: 0x11, bits: 4, data: int16(1) }),
    'INPUT_FORMAT_UNSUPPORTED',
    'WAV file with compressed or unknown samples (format 0x0011)',
  ],
  [
    'another GUID',
    wav({ extensible: true, guidTail: '00'.repeat(14), data: int16(1) }),
    'INPUT_FORMAT_UNSUPPORTED',
    'WAV file with a format of its own (unknown sub-format)',
  ],
  [
    'wrong block size',
    wav({ blockAlign: 3, data: int16(1) }),
    'INPUT_MALFORMED',
    'WAV file that contradicts itself: 1 x 16 bits in 3 bytes',
  ],
  ['rate 0', wav({ sampleRate: 0, data: int16(1) }), 'INPUT_MALFORMED', 'WAV file with a sample rate of 0 Hz'],
  [
    'rate 4 GHz',
    wav({ sampleRate: 4e9, data: int16(1) }),
    'INPUT_MALFORMED',
    'WAV file with a sample rate of 4000000000 Hz',
  ],
  [
    'big-endian',
    wav({ form: 'RIFX', data: int16(1) }),
    'INPUT_FORMAT_UNSUPPORTED',
    'big-endian WAV (RIFX) is not supported',
  ],
])('%s: one clear line', async (_, bytes, code, line) => {
  const opened = saved(bytes, 'bad.wav');
  await expect(opened).rejects.toThrow(
    expect.objectContaining({ code, message: `${join(folder, 'bad.wav')}: ${line}` }),
  );
});

test('a mono file is no IQ, a WAV is not raw, a folder is no file', async () => {
  const bytes = wav({ data: int16(1, 2) });
  await expect(saved(bytes, 'm.wav', { kind: 'iq' })).rejects.toThrow(
    "m.wav: has one channel, so it is audio and can't be IQ",
  );
  await expect(saved(wav({ sampleRate: 2_400_000, data: int16(1, 2) }), 'fast.wav')).rejects.toThrow(
    'fast.wav: one channel at 2400000 samples/s is no audio, and IQ has two channels',
  );
  await expect(saved(bytes, 'm.cs16', { sampleRate: 1000 })).rejects.toThrow('m.cs16: is a WAV file, not raw cs16');
  await expect(openInput(folder)).rejects.toThrow(`${folder}: is a folder, not a recording`);
  await expect(openInput(join(folder, 'none.wav'))).rejects.toThrow('none.wav: no such file');
});

test('the time comes from a chunk of SDR programs or a name that says UTC, and from nothing else', async () => {
  const data = int16(1, 2);
  const auxi = auxiliary([2024, 1, 3, 31, 12, 34, 56, 789], 437_000_000);
  const start = async (bytes: Buffer, name: string) => {
    const input = await saved(bytes, name);
    await input.close();
    return [input.startTime?.toISOString() ?? null, input.centreHz];
  };
  expect(await start(wav({ channels: 2, data, before: [auxi] }), 'x.wav')).toEqual(['2024-01-31T12:34:56.789Z', 437e6]);
  expect(await start(wav({ data, before: [auxiliary([2024, 2, 0, 31, 0, 0, 0, 0], 0)] }), 'x.wav')).toEqual([
    null,
    null,
  ]);
  expect(await start(wav({ data }), 'SDRSharp_20240131_120000Z_437000000Hz_IQ.wav')).toEqual([
    '2024-01-31T12:00:00.000Z',
    437e6,
  ]);
  expect(await start(wav({ data }), 'HDSDR_20240131_120000Z_437000kHz_RF.wav')).toEqual([
    '2024-01-31T12:00:00.000Z',
    437e6,
  ]);
  expect(await start(wav({ data }), 'x_20240231_120000Z_437000000Hz_IQ.wav')).toEqual([null, 437e6]);
  expect(await start(wav({ data }), 'gqrx_20240131_120000_437000000.wav')).toEqual([null, null]);
});

test('no bytes at all do anything but read or fail with a code', async () => {
  const good = wav({
    before: [wideSize(8), auxiliary([2024, 1, 3, 31, 0, 0, 0, 0], 1)],
    channels: 2,
    data: int16(1, 2, 3, 4),
  });
  const mutated = fc
    .tuple(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 12 }), fc.nat(good.length))
    .map(([changes, length]) => {
      const bytes = Buffer.from(good);
      for (const [at, value] of changes) bytes[at] = value;
      return bytes.subarray(0, length);
    });
  const random = fc.uint8Array({ maxLength: 80 }).map((tail) => Buffer.concat([good.subarray(0, 12), tail]));
  await fc.assert(
    fc.asyncProperty(fc.oneof(mutated, random), fc.boolean(), async (bytes, asFile) => {
      try {
        const input = await (asFile ? saved(bytes, 'fuzz.wav') : piped(bytes, { format: 'wav' }));
        const values = await readAll(input);
        expect(values.length).toBeLessThanOrEqual(bytes.length);
        expect(values.every(Number.isFinite)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        expect((error as Error).message).toMatch(/^[^\n]+$/);
      }
    }),
    { numRuns: 400 },
  );
});
