import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { kissRecord } from '../../daemon/decode/kiss.ts';
import { kissReader } from '../../daemon/decode/kiss-reader.ts';
import type { Collector } from '../../daemon/forward/collector.ts';
import { fileCollector } from '../../daemon/forward/file.ts';
import { makeCollector } from '../../daemon/forward/index.ts';
import type { CollectorSettingsOf } from '../../daemon/settings/settings.ts';
import { contextOf, kinds, storedFrames, unaborted } from './collector-world.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const usual = { id: 'test', type: 'file', enabled: true, satellites: null, except: [], start: 'now' } as const;
const make = (change: Partial<CollectorSettingsOf<'file'>> & { path: string }, ledgerId?: string) =>
  fileCollector({ ...usual, format: 'jsonl', ...change }, contextOf(ledgerId === undefined ? {} : { ledgerId }));

const lines = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { seq: number; id: string });
const seqs = (path: string) => lines(path).map(({ seq }) => seq);
const oneToN = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
function kissFrames(path: string) {
  const reader = kissReader();
  const frames = reader.push(readFileSync(path));
  reader.end();
  expect(Object.values(reader.rejects).filter((count) => count > 0)).toEqual([]);
  return frames.map(({ frame, time }) => ({ frame: Buffer.from(frame).toString('hex'), time: time?.toISOString() }));
}

test('JSON lines: the frame, who received it and the ledger; the folder is made', async () => {
  const path = join(folder, 'a', 'b', 'frames.jsonl');
  const frames = storedFrames(3);
  expect(kinds(await make({ path }).deliver(frames, unaborted))).toEqual(['accepted', 'accepted', 'accepted']);
  const station = { callsign: 'TE5T', name: 'Test station', latitude: 48.1, longitude: 11.6, altitude_m: 520 };
  expect(lines(path)).toEqual(frames.map((frame) => ({ ...frame, ledger_id: contextOf().ledgerId, station })));
});

/** Number of the last frame that it says it has; 0: none. */
async function lastDelivered(collector: Collector): Promise<number> {
  const frames = storedFrames(20_000);
  const had = await collector.delivered!(frames, unaborted);
  return frames.findLast(({ id }) => had.has(id))?.seq ?? 0;
}

test('KISS, the usual format, keeps the times', async () => {
  const path = join(folder, 'frames.kss');
  const frames = [...storedFrames(2), ...storedFrames(1, 3, { time: null, frame: 'c0db' })];
  const collector = await makeCollector({ ...usual, path }, contextOf());
  await collector.deliver(frames, unaborted);
  expect(kissFrames(path)).toEqual(frames.map(({ frame, time }) => ({ frame, time: time ?? undefined })));
  expect(await lastDelivered(collector)).toBe(0);
});

test('{date} is the UTC day of reception', async () => {
  const path = join(folder, '{date}', 'frames-{date}.jsonl');
  const frames = ['2026-01-31T23:59:59.999Z', '2026-02-01T00:00:00.000Z', null].flatMap((time, i) =>
    storedFrames(1, i + 1, { time }),
  );
  const collector = make({ path });
  expect(kinds(await collector.deliver(frames, unaborted))).toEqual(['accepted', 'accepted', 'accepted']);
  for (const [i, day] of ['2026-01-31', '2026-02-01', 'undated'].entries())
    expect(seqs(join(folder, day, `frames-${day}.jsonl`))).toEqual([i + 1]);
  expect((await collector.delivered!(frames, unaborted)).size).toBe(3);
});

describe('rotation', () => {
  test('by size, the newest stay, no frame is lost or torn between', async () => {
    const path = join(folder, 'frames.jsonl');
    const collector = make({ path, rotateMb: 0.003, keep: 3 });
    for (const frame of storedFrames(20)) await collector.deliver([frame], unaborted);
    expect(readdirSync(folder).sort()).toEqual(
      [1, 2, 3].map((n) => `frames.jsonl.${n}`).toSpliced(0, 0, 'frames.jsonl'),
    );
    const kept = [`${path}.3`, `${path}.2`, `${path}.1`, path].flatMap(seqs);
    expect(kept).toEqual(oneToN(20).slice(-kept.length));
    expect(kept.length).toBeGreaterThanOrEqual(8);
    for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name)).length).toBeLessThanOrEqual(3000);
  });

  test('one batch may fill several files; a record above the size has its own', async () => {
    const path = join(folder, 'frames.jsonl');
    const collector = make({ path, rotateMb: 0.0001, keep: 100 });
    expect(kinds(await collector.deliver(storedFrames(4), unaborted))).toHaveLength(4);
    expect([`${path}.3`, `${path}.2`, `${path}.1`, path].map(seqs)).toEqual([[1], [2], [3], [4]]);
  });

  test('a rotation that a crash cut short loses nothing when it is made up for', async () => {
    const path = join(folder, 'frames.jsonl');
    const collector = make({ path, rotateMb: 0.0001, keep: 3 });
    for (const frame of storedFrames(3)) await collector.deliver([frame], unaborted);
    // PATH.1 went to PATH.2 already, PATH is still to move.
    writeFileSync(`${path}.3`, readFileSync(`${path}.2`));
    writeFileSync(`${path}.2`, readFileSync(`${path}.1`));
    rmSync(`${path}.1`);
    expect(await lastDelivered(make({ path }))).toBe(3);
    await make({ path, rotateMb: 0.0001, keep: 3 }).deliver(storedFrames(1, 4), unaborted);
    expect([`${path}.3`, `${path}.2`, `${path}.1`, path].map(seqs)).toEqual([[1], [2], [3], [4]]);
  });

  test('between moving the full file and making the new one, the last frame is known', async () => {
    const path = join(folder, 'frames.jsonl');
    await make({ path: `${path}.1` }).deliver(storedFrames(2), unaborted);
    writeFileSync(path, '');
    expect(await lastDelivered(make({ path }))).toBe(2);
  });
});

describe('after a crash', () => {
  const torn = Buffer.from('{"seq":3,"id":"id-3","ti');
  test.each([
    ['half a line', torn],
    ['zeros', Buffer.alloc(300)],
    ['half a line and zeros with a newline', Buffer.concat([torn, Buffer.alloc(9), Buffer.from('\n')])],
  ])('JSON lines: %s is cut off', async (_what, rest) => {
    const path = join(folder, 'frames.jsonl');
    await make({ path }).deliver(storedFrames(2), unaborted);
    appendFileSync(path, rest);
    const collector = make({ path });
    expect(await lastDelivered(collector)).toBe(2);
    await collector.deliver(storedFrames(2, 3), unaborted);
    expect(seqs(path)).toEqual([1, 2, 3, 4]);
  });

  test('KISS: however much of the last record was written, it is cut off', async () => {
    const path = join(folder, 'frames.kss');
    const frames = storedFrames(3);
    const record = kissRecord(Buffer.from(frames[1]!.frame, 'hex'), new Date(frames[1]!.time!));
    for (let written = 0; written < record.length; written++) {
      rmSync(path, { force: true });
      await make({ path, format: 'kiss' }).deliver(frames.slice(0, 1), unaborted);
      appendFileSync(path, record.subarray(0, written));
      await make({ path, format: 'kiss' }).deliver(frames.slice(1), unaborted);
      expect(kissFrames(path)).toEqual(frames.map(({ frame, time }) => ({ frame, time })));
    }
  });

  test('the only record, half-written, goes too', async () => {
    for (const [format, half] of [
      ['kiss', Buffer.of(0xc0, 0x09)],
      ['jsonl', torn],
      ['jsonl', Buffer.from('{"s')],
    ] as const) {
      const path = join(folder, 'frames');
      writeFileSync(path, half);
      await make({ path, format }).deliver(storedFrames(1), unaborted);
      expect(format === 'kiss' ? kissFrames(path) : lines(path)).toHaveLength(1);
      rmSync(path);
    }
  });

  test.each(['kiss', 'jsonl'] as const)(
    '%s: what was accepted is there, in order, when the writer is killed',
    async (format) => {
      const path = join(folder, 'frames');
      const told = await writer(path, format, { most: 500 });
      expect(told.length).toBeGreaterThanOrEqual(500);
      const collector = make({ path, format });
      const last = format === 'jsonl' ? await lastDelivered(collector) : kissCount(path);
      expect(last).toBeGreaterThanOrEqual(told.length);
      await collector.deliver(storedFrames(1, last + 1), unaborted);
      const expected = storedFrames(last + 1).map(({ frame }) => frame);
      const found = format === 'kiss' ? kissFrames(path) : (lines(path) as unknown as { frame: string }[]);
      expect(found.map(({ frame }) => frame)).toEqual(expected);
    },
  );
});

/** Whole records in a file that may end in half of one. */
const kissCount = (path: string) => kissReader().push(readFileSync(path)).length;

const child = fileURLToPath(new URL('./file-writer.ts', import.meta.url));

/**
 * Runs the child of this test, kills it when it has said `most` lines, and lets no file grow above `fileKilobytes`.
 * @returns its whole lines
 */
async function writer(
  path: string,
  format: string,
  { most = Number.POSITIVE_INFINITY, fileKilobytes = 'unlimited' as number | 'unlimited' },
): Promise<string[]> {
  const script = `ulimit -f ${fileKilobytes}; exec "$@"`;
  const argv = ['-c', script, 'bash', process.execPath, child, path, format];
  const process_ = spawn('bash', argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  process_.stdout.on('data', (data: Buffer) => {
    text += data;
    if (text.split('\n').length > most) process_.kill('SIGKILL');
  });
  await once(process_, 'close');
  return text.split('\n').slice(0, -1);
}

describe('the disk refuses', () => {
  test.each(['kiss', 'jsonl'] as const)(
    '%s: when no more can be written, half a record is taken back, and later it goes on',
    async (format) => {
      const path = join(folder, 'frames');
      // The system's own limit of the size of a file: the write that crosses it is cut short, as by a full disk.
      const told = await writer(path, format, { fileKilobytes: 20 });
      expect(told.pop()).toBe(`${path} can't be written: the file is as large as it can be here`);
      const accepted = storedFrames(told.length).map(({ frame }) => frame);
      expect(accepted.length).toBeGreaterThan(5);
      const inFile = () => (format === 'kiss' ? kissFrames(path) : (lines(path) as unknown as { frame: string }[]));
      expect(inFile().map(({ frame }) => frame)).toEqual(accepted);
      await make({ path, format }).deliver(storedFrames(5, told.length + 1), unaborted);
      expect(inFile().map(({ frame }) => frame)).toEqual(storedFrames(told.length + 5).map(({ frame }) => frame));
    },
  );

  test.each([
    ['a folder in its place', '', 'it is a folder'],
    ['a file in place of its folder', 'file/frames.jsonl', 'a part of the path is not a folder'],
    ['no folder can be made there', '/proc/downlinkd/frames.jsonl', 'no such folder'],
    ['not a file', '/dev/null', 'it is not a regular file'],
  ])('%s: later, with the reason', async (_what, path, reason) => {
    writeFileSync(join(folder, 'file'), '');
    const at = path.startsWith('/') ? path : join(folder, path);
    expect(await make({ path: at }).deliver(storedFrames(2), unaborted)).toEqual([
      { kind: 'later', scope: 'collector', reason: `${at} can't be written: ${reason}` },
    ]);
  });

  test.each(['kiss', 'jsonl'] as const)('%s: a file of something else is left as it is', async (format) => {
    const path = join(folder, 'precious');
    for (const text of ['precious', '{"other":"json"', `${'x'.repeat(2_000_000)}`]) {
      writeFileSync(path, text);
      const [outcome] = await make({ path, format }).deliver(storedFrames(1), unaborted);
      expect(outcome).toMatchObject({ kind: 'later', reason: expect.stringContaining('move it away') });
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });

  test('a failure in the middle of a batch keeps what was accepted before', async () => {
    const path = join(folder, '{date}', 'frames.jsonl');
    writeFileSync(join(folder, '2026-02-01'), 'in the way');
    const frames = [...storedFrames(2), ...storedFrames(2, 3, { time: '2026-02-01T00:00:00.000Z' })];
    expect(kinds(await make({ path }).deliver(frames, unaborted))).toEqual(['accepted', 'accepted', 'later']);
    expect(seqs(join(folder, '2026-01-31', 'frames.jsonl'))).toEqual([1, 2]);
  });
});

test('frames of another ledger or another collector say nothing about those asked for', async () => {
  const path = join(folder, 'frames.jsonl');
  await make({ path }).deliver(storedFrames(2), unaborted);
  const others = [...storedFrames(1, 1, { id: 'of another ledger' }), ...storedFrames(1, 3)];
  expect([...(await make({ path }).delivered!([...others, ...storedFrames(1, 2)], unaborted))]).not.toContain('id-3');
  const had = await make({ path }).delivered!(others, unaborted);
  expect(others.filter(({ id }) => had.has(id))).toEqual([]);
  expect((await make({ path: join(folder, 'none') }).delivered!(others, unaborted)).size).toBe(0);
  expect(existsSync(join(folder, 'none'))).toBe(false);
});

test.each(['# notes\n', '{"some":"json"}\n', '[1]\n'])(
  'a file of something else that ends in whole lines is left as it is: %j',
  async (text) => {
    const path = join(folder, 'frames.jsonl');
    writeFileSync(path, text);
    const [outcome] = await make({ path }).deliver(storedFrames(1), unaborted);
    expect(outcome).toMatchObject({ kind: 'later', reason: expect.stringContaining('something else than frames') });
    expect(readFileSync(path, 'utf8')).toBe(text);
  },
);
