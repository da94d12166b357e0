import { expect, test } from 'vitest';
import type { StoredFrame } from '../../daemon/api/wire.ts';
import { kissRecord as stationKiss } from '../../daemon/decode/kiss.ts';
import { kissReader } from '../../daemon/decode/kiss-reader.ts';
import { prng } from '../../dsp/core/prng.ts';
import { evidenceOf } from '../../web/src/frames/evidence.ts';
import { fieldAt } from '../../web/src/frames/field-bytes.ts';
import { everyFrame, type FrameWish, frameFilter } from '../../web/src/frames/filter.ts';
import { csvCell, csvLine, formats, kissRecord } from '../../web/src/frames/formats.ts';
import { searchBack } from '../../web/src/frames/search.ts';
import { sampleFrame } from '../store/sample-frame.ts';

const frame = (change: Partial<StoredFrame> = {}): StoredFrame => ({
  ...sampleFrame(),
  seq: 1,
  id: '0'.repeat(32),
  copies: [],
  ...change,
});
const shows = (wish: Partial<FrameWish>, one: StoredFrame) => frameFilter({ ...everyFrame, ...wish })?.(one) ?? null;

test('text is looked for without regard to case, hex only at whole bytes', () => {
  const hello = frame({ frame: '48656c6c6f' });
  expect(shows({ text: 'ELL' }, hello)).toBe(true);
  expect(shows({ text: 'elk' }, hello)).toBe(false);
  expect(shows({ text: '65 6C', textAs: 'hex' }, hello)).toBe(true);
  expect(shows({ text: '86', textAs: 'hex' }, hello)).toBe(false);
  expect(shows({ text: '6', textAs: 'hex' }, hello)).toBeNull();
});

test('satellite, simulation, evidence and time', () => {
  const strong = frame();
  const { integrity } = strong;
  const noCheck = frame({ integrity: { ...integrity, crc: 'none', fec: 'none' } });
  const often = frame({ integrity: { ...integrity, falseAlarmsPerHour: 2 } });
  expect([strong, noCheck, often].map((one) => shows({ evidence: 'weak' }, one))).toEqual([false, true, true]);
  expect([strong, noCheck, often].map((one) => shows({ evidence: 'strong' }, one))).toEqual([true, false, false]);
  expect(shows({ satellite: 'AO-73' }, strong)).toBe(false);
  expect(shows({ simulated: 'only' }, strong)).toBe(false);
  expect(shows({ simulated: 'none' }, strong)).toBe(true);
  const timeMs = Date.parse(strong.time!);
  expect(shows({ fromMs: timeMs, toMs: timeMs }, strong)).toBe(true);
  expect(shows({ fromMs: timeMs + 1 }, strong)).toBe(false);
  expect(shows({ toMs: timeMs - 1 }, strong)).toBe(false);
  expect(shows({ fromMs: 0 }, frame({ time: null }))).toBe(false);
});

test('KISS is what the station writes, and what it reads', () => {
  const random = prng(3);
  const reader = kissReader();
  for (let i = 0; i < 200; i++) {
    // Many bytes that must be escaped.
    const bytes = Uint8Array.from({ length: 1 + Math.floor(40 * random.uniform()) }, () =>
      random.uniform() < 0.3 ? [0xc0, 0xdb, 0xdc, 0xdd][Math.floor(4 * random.uniform())]! : 256 * random.uniform(),
    );
    const time = i % 3 === 0 ? null : new Date(Math.floor(2e12 * random.uniform())).toISOString();
    const record = kissRecord({ frame: Buffer.from(bytes).toString('hex'), time });
    expect(Buffer.from(record)).toEqual(Buffer.from(stationKiss(bytes, time === null ? null : new Date(time))));
    const [read] = reader.push(record);
    expect(Buffer.from(read!.frame)).toEqual(Buffer.from(bytes));
    expect(read!.time?.toISOString() ?? null).toBe(time);
  }
});

test('a cell of CSV is quoted where it must be', () => {
  expect(['a', 'a,b', 'say "hi"', 'a\nb', 'a\rb', '', null, -3.5, true].map(csvCell)).toEqual([
    ...['a', '"a,b"', '"say ""hi"""', '"a\nb"', '"a\rb"', '', '', '-3.5', 'true'],
  ]);
  const line = csvLine(frame({ satellite: 'A "B", C' }));
  expect(line).toContain(',"A ""B"", C",');
  const [head] = formats.csv.parts([frame()]);
  expect(head!.toString().split(',')).toHaveLength(10);
});

test('of the fields that a byte belongs to the shortest is meant', () => {
  const field = (offset: number | null, length: number | null) => ({ name: '', value: 1, offset, length });
  const fields = [field(0, 10), field(2, 2), field(3, 1), field(null, null), field(12, 0)];
  expect([0, 2, 3, 9, 10, 12].map((byte) => fieldAt(fields, byte))).toEqual([0, 1, 2, 0, -1, -1]);
});

test('evidence in words: rare, frequent and unknown false alarms', () => {
  const { integrity } = frame();
  const said = (falseAlarmsPerHour: number | null) =>
    evidenceOf(frame({ integrity: { ...integrity, falseAlarmsPerHour } })).find(([name]) => name === 'By chance')![1];
  expect(said(0.04)).toBe('noise gives such a frame every 25 hours');
  expect(said(0.001)).toBe('noise gives such a frame every 42 days');
  expect(said(1e-5)).toBe('noise gives such a frame every 11 years');
  expect(said(1e-12)).toContain('1000 years');
  expect(said(3)).toContain('weak');
  expect(said(null)).toContain('not known');
});

test('a search goes back through all frames that are not loaded, each once, and lets the station filter', async () => {
  const ledger = Array.from({ length: 4000 }, (_, i) => frame({ seq: i + 1, satellite: i % 7 === 0 ? 'AO-73' : 'X' }));
  const search = async (wish: Partial<FrameWish>) => {
    const asked: string[] = [];
    const found: number[] = [];
    const ask = async (path: string) => {
      asked.push(path);
      const query = new URL(path, 'http://station/').searchParams;
      const [since, limit, satellite] = [
        Number(query.get('since')),
        Number(query.get('limit')),
        query.get('satellite'),
      ];
      const fits = ledger.filter((one) => one.seq > since && (satellite === null || one.satellite === satellite));
      const frames = fits.slice(0, limit);
      return { frames, next: frames.length === limit ? frames.at(-1)!.seq : ledger.length };
    };
    for await (const step of searchBack(ask, { ...everyFrame, ...wish }, 3501))
      found.unshift(...step.frames.map(({ seq }) => seq));
    return { found, requests: asked.length };
  };
  const expected = ledger.filter(({ seq, satellite }) => seq <= 3500 && satellite === 'AO-73').map(({ seq }) => seq);
  expect(await search({ satellite: 'AO-73' })).toEqual({ found: expected, requests: 3 });
  const text = await search({ evidence: 'strong' });
  expect(text).toEqual({ found: ledger.slice(0, 3500).map(({ seq }) => seq), requests: 7 });
});
