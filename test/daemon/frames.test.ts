import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dispatch } from '../../daemon/cli/dispatch.ts';
import { openLedger } from '../../daemon/store/ledger.ts';
import { sampleFrame } from '../store/sample-frame.ts';
import { downlinkd } from './process.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-'));
  const ledger = openLedger(folder, 'TEST');
  ledger.append([
    sampleFrame({ frame: 'c0db01', time: '2026-01-31T12:00:00.000Z' }),
    sampleFrame({ frame: '02', time: '2026-01-31T12:00:01.000Z', satellite: 'FORMER, "SAT"' }),
    sampleFrame({ frame: '03', time: null }),
    sampleFrame({ frame: '04', time: '2026-01-31T13:00:00.000Z' }),
  ]);
  ledger.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function frames(argv: readonly string[]) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const code = dispatch(['frames', '--data-folder', folder, ...argv], {
    stdout,
    stderr,
    stdin: Readable.from([]),
    signal: new AbortController().signal,
  });
  code.finally(() => {
    stdout.end();
    stderr.end();
  });
  const [out, err] = await Promise.all([text(stdout), text(stderr)]);
  return { code: await code, out, err };
}

test.each([
  [[], ['c0db01', '02', '03', '04']],
  [
    ['--since', '2'],
    ['03', '04'],
  ],
  [
    ['--limit', '2'],
    ['c0db01', '02'],
  ],
  [
    ['--since', '2026-01-31T12:00:01Z'],
    ['02', '04'],
  ],
  [['--since', '2026-01-31T13:30:00+01:00'], ['04']],
  [['--since', '2026-02-01'], []],
  [
    ['--satellite', 'gomx-3'],
    ['c0db01', '03', '04'],
  ],
  [['--satellite', '40949', '--limit', '1'], ['c0db01']],
  [['--satellite', 'FORMER, "SAT"'], ['02']],
])('frames %j', async (argv, expected) => {
  const { code, out } = await frames([...argv, '--format', 'hex']);
  expect(code).toBe(0);
  expect(out.split('\n').filter(Boolean)).toEqual(expected);
});

test('JSON lines are the stored frames', async () => {
  const { out } = await frames(['--since', '3']);
  expect(JSON.parse(out)).toEqual({
    seq: 4,
    id: expect.any(String),
    ...sampleFrame({ frame: '04', time: '2026-01-31T13:00:00.000Z' }),
    copies: [],
  });
});

test('--telemetry adds what each frame says', async () => {
  const lines = (await frames(['--telemetry', '--limit', '2'])).out.split('\n').filter(Boolean);
  expect(lines.map((line) => JSON.parse(line).telemetry)).toEqual([
    { definition: 'csp', fields: [], reason: 'no CSP packet: its header has 4 bytes, the frame has 3' },
    { definition: 'csp', fields: [], reason: 'no CSP packet: its header has 4 bytes, the frame has 1' },
  ]);
});

test('CSV quotes what needs it', async () => {
  const lines = (await frames(['--format', 'csv', '--limit', '2'])).out.split('\n');
  expect(lines[0]).toBe('seq,id,time,satellite,transmitter,mode,snr_db,offset_hz,simulated,frame');
  expect(lines[2]).toContain(',"FORMER, ""SAT""",');
});

test('KISS escapes, and carries the time where it is known', async () => {
  const argv = ['frames', '--data-folder', folder, '--format', 'kiss', '--limit', '3'];
  const stdout = new PassThrough();
  const io = { stdout, stderr: new PassThrough(), stdin: Readable.from([]), signal: new AbortController().signal };
  expect(await dispatch(argv, io)).toBe(0);
  stdout.end();
  const packets = (await buffer(stdout)).toString('hex').split('c0').filter(Boolean);
  const milliseconds = Date.UTC(2026, 0, 31, 12).toString(16).padStart(16, '0');
  expect(packets[0]).toBe(`09${milliseconds}`);
  expect(packets.slice(1)).toEqual(['00dbdcdbdd01', expect.stringMatching(/^09/), '0002', '0003']);
});

test('--follow goes on with new frames until it is interrupted', async () => {
  const abort = new AbortController();
  const stdout = new PassThrough();
  let out = '';
  stdout.on('data', (data) => {
    out += data;
  });
  const io = { stdout, stderr: new PassThrough(), stdin: Readable.from([]), signal: abort.signal };
  const code = dispatch(['frames', '--data-folder', folder, '--since', '3', '--format', 'hex', '--follow'], io);
  await expect.poll(() => out).toBe('04\n');
  const ledger = openLedger(folder, 'TEST');
  ledger.append([sampleFrame({ frame: '05' })]);
  ledger.close();
  await expect.poll(() => out).toBe('04\n05\n');
  abort.abort();
  expect(await code).toBe(0);
  expect(out).toBe('04\n05\n');
});

test('--follow waits for a station that never ran', async () => {
  const later = join(folder, 'later');
  mkdirSync(later);
  const following = downlinkd('frames', '--format', 'hex', '--follow', '--data-folder', later);
  await following.seen(/no frames yet: .* does not exist: waiting for the station's first start/);
  const ledger = openLedger(later, 'TEST');
  ledger.append([sampleFrame({ frame: '01' })]);
  ledger.close();
  await following.seen(/^01$/m);
  following.child.kill('SIGINT');
  expect(await following.exit()).toBe(0);
});

test('--last gives the newest, --simulated the real or the others, and formats that do not tell are told of', async () => {
  const many = join(folder, 'many');
  mkdirSync(many);
  const ledger = openLedger(many, 'TEST');
  const numbers = Array.from({ length: 1300 }, (_, i) => i);
  ledger.append(numbers.map((i) => sampleFrame({ frame: i.toString(16).padStart(4, '0'), simulated: i % 300 === 0 })));
  ledger.close();
  const hexOf = async (...argv: string[]) => frames(['--data-folder', many, '--format', 'hex', ...argv]);
  expect((await hexOf('--last', '2')).out).toBe('0512\n0513\n');
  expect((await hexOf('--last', '900')).out.split('\n')).toHaveLength(901);
  expect((await hexOf('--last', '9000', '--since', '1298')).out).toBe('0512\n0513\n');
  const two = await hexOf('--last', '4', '--simulated', 'yes');
  expect(two.out).toBe('012c\n0258\n0384\n04b0\n');
  expect(two.err).toMatch(/^downlinkd: 4 of 4 frames are simulated, which hex does not tell: /);
  const real = await hexOf('--simulated', 'no', '--limit', '1');
  expect(real).toMatchObject({ out: '0001\n', err: '' });
});

test.each([
  [['--limit', '-3'], 2, '--limit -3: a number of frames, 1 or more, is expected'],
  [['--last', '3', '--limit', '3'], 2, 'the newest'],
  [['--simulated', 'perhaps'], 2, 'yes or no'],
  [['--since', 'yesterday'], 2, '--since'],
  [['--since', '2026-01-31T12:00:00'], 2, '--since'],
  [['--since', '2026-99-31'], 2, '--since'],
  [['--limit', '0'], 2, '--limit'],
  [['--format', 'xml'], 2, '--format'],
  [['--json', '--format', 'hex'], 2, '--json'],
  [['--telemetry', '--format', 'csv'], 2, '--telemetry'],
  [['--satellite', 'GOMX3'], 2, 'GOMX-3'],
  [['--nonsense'], 2, '--nonsense'],
  [['--data-folder', '/nowhere'], 1, 'no frames yet'],
])('bad usage is one clear line: %j', async (argv, code, named) => {
  const result = await frames(argv);
  expect(result).toMatchObject({ code, out: '' });
  expect(result.err).toContain(named);
  expect(result.err.trim().split('\n')).toHaveLength(1);
});
