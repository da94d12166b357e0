import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InputError, type SampleInput, timeOfSample } from '../../daemon/inputs/input.ts';
import { judge } from '../../daemon/inputs/judge.ts';
import { openInput, openStream } from '../../daemon/inputs/open-input.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-raw-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function blocks(input: SampleInput, size = 64): Promise<number[][]> {
  const found: number[][] = [];
  const buffer = new Float32Array(size);
  const width = input.kind === 'iq' ? 2 : 1;
  for (let n = await input.read(buffer); n > 0; n = await input.read(buffer))
    found.push([...buffer.subarray(0, n * width)]);
  await input.close();
  return found;
}

function save(name: string, bytes: Uint8Array | string): string {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}

const bytesOf = (array: Float32Array | Int16Array | Int8Array) => new Uint8Array(array.buffer);

test.each([
  ['cu8', Uint8Array.of(0, 255, 255, 0), [-1, 1, 1, -1]],
  ['cs8', bytesOf(Int8Array.of(-128, 64, 0, 32)), [-1, 0.5, 0, 0.25]],
  ['cs16', bytesOf(Int16Array.of(-32768, 16384, 0, 8192)), [-1, 0.5, 0, 0.25]],
  ['cf32', bytesOf(Float32Array.of(-1, 0.5, 0, 2)), [-1, 0.5, 0, 2]],
] as const)('raw %s is read by the name of the file and from standard input', async (format, bytes, values) => {
  const file = await openInput(save(`a.${format}`, bytes), { sampleRate: 250000 });
  expect([file.kind, file.sampleRate, file.totalSamples, file.startTime]).toEqual(['iq', 250000, 2, null]);
  expect(await blocks(file)).toEqual([[...values]]);
  // One byte at a time, so that every value is torn.
  const torn = Readable.from([...bytes].map((byte) => Buffer.of(byte)));
  const stream = await openStream(torn, { format, sampleRate: 250000 });
  expect([stream.totalSamples, await blocks(stream)]).toEqual([null, [[...values]]]);
});

test('raw samples need a rate, standard input a format', async () => {
  await expect(openInput(save('a.cu8', Uint8Array.of(1, 2)))).rejects.toThrow(
    "a.cu8: raw samples don't tell their rate: say --sample-rate",
  );
  await expect(openInput(save('a.bin', Uint8Array.of(1, 2)))).rejects.toThrow(
    "a.bin: what this is can't be seen: say --input-format",
  );
  await expect(openStream(Readable.from([Buffer.from('abcd')]))).rejects.toThrow(
    "-: what this is can't be seen: say --input-format",
  );
  await expect(openStream(Readable.from([]), { format: 'cu8', sampleRate: 1000 })).rejects.toThrow('-: is empty');
  await expect(openInput(save('a.cf32', Uint8Array.of(1, 2)), { sampleRate: 1000 })).rejects.toThrow(
    'a.cf32: holds not one sample',
  );
  await expect(openInput(save('a.cu8', Uint8Array.of(1, 2)), { sampleRate: 1000, kind: 'real' })).rejects.toThrow(
    "cu8 is IQ and can't be audio",
  );
});

test('a raw file that ends within a pair is truncated', async () => {
  const input = await openInput(save('odd.cu8', Uint8Array.of(1, 2, 3)), { sampleRate: 1000 });
  expect(await blocks(input)).toHaveLength(1);
  expect(judge(input)).toEqual({
    warnings: [`${input.name}: truncated, it ends in the middle of a sample`],
    good: false,
  });
});

interface Meta {
  readonly global?: unknown;
  readonly captures?: unknown;
}
const global = { 'core:datatype': 'ci16_le', 'core:sample_rate': 1000, 'core:version': '1.0.0' };

function sigmf(
  meta: Meta | string,
  data: Uint8Array = bytesOf(new Int16Array(40).map((_, i) => i)),
  name = 's',
): Promise<SampleInput> {
  save(`${name}.sigmf-data`, data);
  return openInput(save(`${name}.sigmf-meta`, typeof meta === 'string' ? meta : JSON.stringify(meta)));
}

test('a SigMF recording stops at every gap and keeps its times', async () => {
  const input = await sigmf({
    global,
    captures: [
      { 'core:sample_start': 0, 'core:frequency': 437e6, 'core:datetime': '2026-01-01T00:00:00Z' },
      { 'core:sample_start': 4, 'core:frequency': 437e6, 'core:datetime': '2026-01-01T00:00:00.004Z' },
      { 'core:sample_start': 12, 'core:frequency': 437e6, 'core:datetime': '2026-01-01T00:01:00.000Z' },
      { 'core:sample_start': 15, 'core:frequency': 438e6, 'core:datetime': '2026-01-01T00:01:00.003Z' },
    ],
  });
  expect([input.kind, input.sampleRate, input.totalSamples, input.centreHz]).toEqual(['iq', 1000, 20, 437e6]);
  expect(input.segments.map((segment) => segment.firstSample)).toEqual([0, 12, 15]);
  expect((await blocks(input, 20)).map((block) => block.length / 2)).toEqual([10, 2, 3, 5]);
  expect(judge(input).good).toBe(true);
  const times = [0, 11, 12, 19].map((sample) => timeOfSample(input, sample)?.toISOString());
  expect(times).toEqual([
    '2026-01-01T00:00:00.000Z',
    '2026-01-01T00:00:00.011Z',
    '2026-01-01T00:01:00.000Z',
    '2026-01-01T00:01:00.007Z',
  ]);
});

test('the index in the stream tells gaps too short for the time, and the time where there is none', async () => {
  const at = (ms: string) => ({ 'core:frequency': 437e6, 'core:datetime': `2026-01-01T00:00:00.${ms}Z` });
  const input = await sigmf({
    global,
    captures: [
      { 'core:sample_start': 0, 'core:global_index': 100, ...at('0') },
      { 'core:sample_start': 4, 'core:global_index': 104, ...at('0049') },
      { 'core:sample_start': 8, 'core:global_index': 109, ...at('009') },
      { 'core:sample_start': 12, 'core:global_index': 10_113, 'core:frequency': 437e6 },
      { 'core:sample_start': 14, 'core:global_index': 10_115, 'core:frequency': 437e6 },
      { 'core:sample_start': 16, 'core:global_index': 10_117, 'core:frequency': 437e6, 'downlinkd:gap': true },
      { 'core:sample_start': 18, 'core:global_index': 5, 'core:frequency': 437e6 },
    ],
  });
  expect(input.segments.map(({ firstSample, time }) => [firstSample, time?.getUTCMilliseconds() ?? null])).toEqual([
    [0, 0],
    [8, 9],
    [12, 13],
    [16, null],
    [18, null],
  ]);
  expect(timeOfSample(input, 12)?.toISOString()).toBe('2026-01-01T00:00:10.013Z');
  await input.close();
});

test('a start time of the user moves all captures', async () => {
  const captures = [
    { 'core:sample_start': 0, 'core:datetime': '2026-01-01T00:00:00Z' },
    { 'core:sample_start': 10, 'core:datetime': '2026-01-01T00:01:00Z' },
  ];
  await (await sigmf({ global, captures })).close();
  const input = await openInput(join(folder, 's.sigmf-data'), { startTime: new Date('2030-06-01T00:00:00Z') });
  expect(await blocks(input)).toHaveLength(2);
  expect(input.startTime?.toISOString()).toBe('2030-06-01T00:00:00.000Z');
  expect(timeOfSample(input, 10)?.toISOString()).toBe('2030-06-01T00:01:00.000Z');
  expect(input.condition.samplesRead).toBe(20);
});

test('real and big-endian SigMF', async () => {
  const data = Buffer.alloc(4);
  data.writeInt16BE(16384, 0);
  data.writeInt16BE(-16384, 2);
  const input = await sigmf({ global: { ...global, 'core:datatype': 'ri16_be' }, captures: [] }, data);
  expect([input.kind, input.startTime, await blocks(input)]).toEqual(['real', null, [[0.5, -0.5]]]);
});

test('captures behind the data show that some is missing', async () => {
  const input = await sigmf({ global, captures: [{ 'core:sample_start': 0 }, { 'core:sample_start': 100 }] });
  await blocks(input);
  expect(judge(input)).toEqual({
    warnings: [expect.stringMatching(/truncated, 0\.020 s of 0\.101 s are there/)],
    good: false,
  });
});

test.each<[string, Meta | string, string]>([
  ['no JSON', '{', 'is not JSON'],
  ['a list', '[]', 'is not SigMF metadata'],
  ['no global', {}, 'has no global part'],
  [
    'odd type',
    { global: { ...global, 'core:datatype': 'cf16_le' } },
    'core:datatype "cf16_le" is not one that can be read',
  ],
  ['no type', { global: {} }, 'core:datatype is missing and is not one that can be read'],
  [
    'no byte order',
    { global: { ...global, 'core:datatype': 'ci16' } },
    'core:datatype "ci16" is not one that can be read',
  ],
  [
    'rate as text',
    { global: { ...global, 'core:sample_rate': '1000' } },
    'core:sample_rate is missing or makes no sense',
  ],
  ['two channels', { global: { ...global, 'core:num_channels': 2 } }, 'holds 2 channels; one can be read'],
  ['captures no list', { global, captures: {} }, 'captures is not a list'],
  ['no start', { global, captures: [{}] }, 'captures[0] has no core:sample_start'],
  [
    'disorder',
    { global, captures: [{ 'core:sample_start': 5 }, { 'core:sample_start': 3 }] },
    'captures are out of order',
  ],
  [
    'local time',
    { global, captures: [{ 'core:sample_start': 0, 'core:datetime': '2026-01-01 00:00' }] },
    'captures[0] core:datetime is not a UTC time',
  ],
])('SigMF with %s: one clear line', async (_, meta, line) => {
  await expect(sigmf(meta)).rejects.toThrow(
    expect.objectContaining({ code: 'INPUT_MALFORMED', message: `${folder}/s.sigmf-meta: ${line}` }),
  );
});

test('SigMF without its data', async () => {
  await expect(openInput(save('lone.sigmf-meta', JSON.stringify({ global })))).rejects.toThrow(
    'lone.sigmf-data: no such file',
  );
  await expect(openInput(save('x.sigmf', 'tar'))).rejects.toThrow('x.sigmf: a SigMF archive; unpack it');
});

test('no metadata does anything but read or fail with a code', async () => {
  const value = fc.oneof(
    fc.constantFrom<unknown>(
      'ci16_le',
      'cu8',
      1000,
      0,
      -1,
      1e300,
      null,
      '2026-01-01T00:00:00Z',
      '2026-13-01T00:00:00Z',
      [],
      {},
    ),
    fc.double(),
  );
  const keys = [
    'core:sample_start',
    'core:datetime',
    'core:frequency',
    'core:datatype',
    'core:sample_rate',
    'core:num_channels',
    'core:header_bytes',
  ];
  const group = fc.dictionary(fc.constantFrom(...keys), value);
  const meta = fc.record({
    global: fc.oneof(
      group.map((extra) => ({ ...global, ...extra })),
      value,
    ),
    captures: fc.oneof(fc.array(group, { maxLength: 4 }), value),
  });
  await fc.assert(
    fc.asyncProperty(meta, async (document) => {
      try {
        const input = await sigmf(document, bytesOf(new Int16Array(8)), 'fuzz');
        expect((await blocks(input)).flat().length).toBeLessThanOrEqual(16);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
      }
    }),
    { numRuns: 200 },
  );
});
