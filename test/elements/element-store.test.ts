import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ElementSource } from '../../daemon/elements/element-source.ts';
import { type ElementStore, openElementStore } from '../../daemon/elements/element-store.ts';
import { parseElements } from '../../daemon/tracking/elements.ts';
import { elementServer, text } from './element-server.ts';
import { manualTime } from './manual-time.ts';
import { omm, tle } from './orbits.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const NOW = '2026-11-26T12:00:00.000Z';

let folder: string;
let server: Awaited<ReturnType<typeof elementServer>>;
let time: ReturnType<typeof manualTime>;
let stores: ElementStore[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'downlinkd-elements-'));
  server = await elementServer();
  time = manualTime(NOW);
  stores = [];
});
afterEach(async () => {
  for (const store of stores) await store.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(sources: readonly ElementSource[] = [{ url: server.url }], over: object = {}): ElementStore {
  const log = { info: () => {}, warn: () => {} } as never;
  const store = openElementStore(folder, sources, { ...time, fetch, log, ...over });
  stores.push(store);
  return store;
}

async function started(sources?: readonly ElementSource[], over?: object): Promise<ElementStore> {
  const store = open(sources, over);
  store.start();
  await store.settled();
  return store;
}

const pass = (store: ElementStore, ms: number) => time.advance(ms, () => store.settled());
/** What comes after this is another run: the monotonic clock begins anew. */
async function restart(store: ElementStore, laterMs = 0, wall?: string, sources?: readonly ElementSource[]) {
  await store.close();
  const at = wall ?? new Date(time.clock.now() + laterMs).toISOString();
  time = manualTime(at);
  return started(sources);
}
const good = (...epochs: string[]) => text(JSON.stringify(epochs.map((epoch, i) => omm(100 + i, epoch))));
const written = () =>
  parseElements(readFileSync(join(folder, 'elements.json'), 'utf8'), { source: 'x', believeMarks: true });

describe('a server', () => {
  test('is asked once, its elements are kept, and again after two hours', async () => {
    server.answer = good('2026-11-26T00:00:00', '2026-11-25T00:00:00');
    const store = await started();
    expect(server.requests).toHaveLength(1);
    expect([...store.current().keys()]).toEqual([100, 101]);
    expect(store.of(100)).toMatchObject({ norad: 100, source: server.url, pinned: false });
    expect(store.of(7)).toBeNull();
    expect(store.ageDays(101, time.clock.now())).toBeCloseTo(1.5, 6);
    expect(store.ageDays(7, 0)).toBeNull();
    expect(store.status()).toEqual([
      {
        source: server.url,
        lastFetchIso: NOW,
        nextFetchIso: '2026-11-26T14:00:00.000Z',
        outcome: 'ok',
        reason: null,
        elements: 2,
        bad: 0,
      },
    ]);
    expect(written().elements).toEqual([...store.current().values()]);
    await pass(store, 2 * HOUR - 1);
    expect(server.requests).toHaveLength(1);
    await pass(store, 11_000);
    expect(server.requests).toHaveLength(2);
  });

  test('bad records are one warning, however often they come again', async () => {
    const [right, wrong] = [omm(100, '2026-11-26T00:00:00'), omm(101, 'yesterday')];
    server.answer = text(JSON.stringify([right, wrong]));
    const log = { info: vi.fn(), warn: vi.fn() };
    const store = await started(undefined, { log });
    await pass(store, 2 * HOUR + 11_000);
    expect(server.requests).toHaveLength(2);
    expect(log.warn.mock.calls).toEqual([
      [
        expect.objectContaining({ outcome: 'ok', bad: 1 }),
        expect.stringContaining("1 record can't be used: record 2, line 1"),
      ],
    ]);
    expect(log.info).toHaveBeenCalledTimes(1);
  });

  test('a longer interval counts, a shorter one is refused', async () => {
    server.answer = good('2026-11-26T00:00:00');
    const store = await started([{ url: server.url, intervalMs: 12 * HOUR }]);
    await pass(store, 12 * HOUR - MINUTE);
    expect(server.requests).toHaveLength(1);
    await pass(store, 2 * MINUTE);
    expect(server.requests).toHaveLength(2);
    for (const source of [
      { url: server.url, intervalMs: HOUR },
      { url: 'ftp://a.example/' },
      { url: 'nonsense' },
      { url: 'https://user:secret@a.example/' },
    ])
      expect(() => open([source])).toThrow(expect.objectContaining({ code: 'SETTINGS_INVALID' }));
  });

  test('restarts, however many, are no reason to ask', async () => {
    server.answer = good('2026-11-26T00:00:00');
    let store = await started();
    for (let i = 0; i < 11; i++) {
      store = await restart(store, 10 * MINUTE);
      expect(store.of(100)?.source).toBe(server.url);
      await pass(store, MINUTE / 2);
    }
    expect(server.requests).toHaveLength(1);
    await pass(store, 6 * MINUTE);
    expect(server.requests).toHaveLength(2);
  });

  test('taken out of the settings and put back, it is not asked again', async () => {
    server.answer = good('2026-11-26T00:00:00');
    let store = await started();
    store = await restart(store, MINUTE, undefined, []);
    expect(store.current().size).toBe(0);
    store = await restart(store, MINUTE);
    expect(store.of(100)).not.toBeNull();
    expect(server.requests).toHaveLength(1);
  });

  test('a run that ended in the middle of a request counts as one', async () => {
    server.answer = () => {};
    const store = open();
    store.start();
    await expect.poll(() => server.requests).toHaveLength(1);
    await store.close();
    server.answer = good('2026-11-26T00:00:00');
    time = manualTime('2026-11-26T13:00:00.000Z');
    const next = await started();
    expect(server.requests).toHaveLength(1);
    expect(next.status()[0]).toMatchObject({ outcome: 'failed', nextFetchIso: '2026-11-26T14:00:00.000Z' });
    await pass(next, HOUR + MINUTE);
    expect(server.requests).toHaveLength(2);
    expect(next.of(100)).not.toBeNull();
  });

  test('when the disk cannot note it, it is not asked', async () => {
    server.answer = good('2026-11-26T00:00:00');
    rmSync(folder, { recursive: true });
    const store = await started();
    await pass(store, HOUR);
    expect(server.requests).toHaveLength(0);
    expect(store.status()[0]).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('data folder') });
  });

  test('validators are sent, and "not modified" keeps what was there', async () => {
    server.answer = text(JSON.stringify([omm(100, '2026-11-26T00:00:00')]), {
      etag: '"7"',
      'last-modified': 'Thu, 26 Nov 2026 10:00:00 GMT',
    });
    let store = await started();
    expect(server.requests[0]?.headers).not.toHaveProperty('if-none-match');
    server.answer = text('', {}, 304);
    store = await restart(store, 3 * HOUR);
    expect(server.requests[1]?.headers).toMatchObject({
      'if-none-match': '"7"',
      'if-modified-since': 'Thu, 26 Nov 2026 10:00:00 GMT',
    });
    expect(store.status()[0]).toMatchObject({ outcome: 'not modified', reason: null, elements: 1 });
    expect(store.of(100)).not.toBeNull();
  });

  test.each([403, 429])('a refusal (%d) is respected for a day, also by the next runs, and shown', async (status) => {
    server.answer = text('GP data has not updated since your last download', {}, status);
    let store = await started();
    const refused = {
      outcome: 'refused',
      reason: `HTTP ${status}: GP data has not updated since your last download`,
      nextFetchIso: '2026-11-27T12:00:00.000Z',
    };
    expect(store.status()[0]).toMatchObject(refused);
    await pass(store, 6 * HOUR);
    store = await restart(store, 6 * HOUR);
    expect(store.status()[0]).toMatchObject(refused);
    await pass(store, 12 * HOUR - MINUTE);
    expect(server.requests).toHaveLength(1);
    await pass(store, 2 * MINUTE);
    expect(server.requests).toHaveLength(2);
  });

  test.each([
    ['seconds', String(3 * 86_400), '2026-11-29T12:00:00.000Z'],
    ['a date', 'Sat, 28 Nov 2026 12:00:00 GMT', '2026-11-28T12:00:00.000Z'],
    ['less than a day', '60', '2026-11-27T12:00:00.000Z'],
    ['nonsense', 'soon', '2026-11-27T12:00:00.000Z'],
    ['for ever', '999999999', '2026-12-26T12:00:00.000Z'],
  ])('Retry-After: %s', async (_what, value, next) => {
    server.answer = text('', { 'retry-after': value }, 429);
    const store = await started();
    expect(store.status()[0]).toMatchObject({ outcome: 'refused', nextFetchIso: next });
  });

  test('failures: 2, 4, 8, 16, 24 h between requests, across restarts; a good answer ends that', async () => {
    server.answer = text('broken', {}, 500);
    let store = await started();
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      const next = Date.parse(store.status()[0]!.nextFetchIso!);
      waits.push((next - Date.parse(store.status()[0]!.lastFetchIso!)) / HOUR);
      store = await restart(store, 0, new Date(next - 5 * MINUTE).toISOString());
      expect(server.requests).toHaveLength(i + 1);
      await pass(store, 5 * MINUTE + 10_000);
      expect(server.requests).toHaveLength(i + 2);
    }
    expect(waits).toEqual([2, 4, 8, 16, 24, 24]);
    server.answer = good('2026-11-26T00:00:00');
    await pass(store, 24 * HOUR + MINUTE);
    expect(store.status()[0]).toMatchObject({ outcome: 'ok', reason: null });
    await pass(store, 2 * HOUR + MINUTE);
    expect(server.requests).toHaveLength(9);
  });

  test.each<[string, Parameters<typeof text>, string]>([
    ['a web page', ['<!DOCTYPE html><html>\n<body>Welcome</body></html>'], 'a web page instead of orbital elements'],
    ['nothing', [''], 'nothing in it'],
    ['blank lines', ['\n \n'], 'nothing in it'],
    ['an empty list', ['[]'], 'no orbital elements in it'],
    ['a message', ['No GP data found'], "no usable elements: line 1: no elements behind the name 'No GP data found'"],
    [
      'bad records only',
      [JSON.stringify([omm(100, 'today'), omm(101, '2026-11-26T00:00:00', { ECCENTRICITY: 2 })])],
      'no usable elements: record 1, line 1: EPOCH "today": no time',
    ],
    ['bytes', [Uint8Array.from({ length: 3000 }, (_, i) => i * 7)], 'no usable elements: line 1: '],
    ['a large answer', ['x'.repeat(16_000_001)], 'the answer is larger than 16 MB'],
    ['a bomb', [gzipSync(Buffer.alloc(20_000_000)), { 'content-encoding': 'gzip' }], 'the answer is larger than 16 MB'],
    ['404', ['Not found', {}, 404], 'HTTP 404: Not found'],
    ['a redirect to nowhere', ['', {}, 302], 'redirects to nowhere'],
    ['a redirect to itself', ['', { location: '/gp.php' }, 302], 'redirects more than 3 times'],
    ['a redirect to a file', ['', { location: 'file:///etc/passwd' }, 302], 'redirects from http: to file:'],
    ['less than promised', ['[', { 'content-length': '50' }], 'the connection broke'],
  ])('%s never replaces good elements', async (_what, answer, reason) => {
    server.answer = good('2026-11-26T00:00:00');
    const store = await started();
    const before = readFileSync(join(folder, 'elements.json'), 'utf8');
    server.answer = (response, request) => {
      text(...answer)(response, request);
      if (answer[1]?.['content-length']) response.destroy();
    };
    await pass(store, 2 * HOUR + MINUTE);
    expect(store.status()[0]).toMatchObject({ outcome: 'failed', elements: 1 });
    const said = store.status()[0]!.reason!;
    expect(said.startsWith(reason) || said).toBe(true);
    expect(said).not.toContain('\n');
    expect(store.of(100)).not.toBeNull();
    expect(readFileSync(join(folder, 'elements.json'), 'utf8')).toBe(before);
  });

  test('no answer within 30 s: two hours', async () => {
    server.answer = () => {};
    const store = open();
    store.start();
    await expect.poll(() => server.requests).toHaveLength(1);
    await time.advance(30_000);
    await store.settled();
    expect(store.status()[0]).toMatchObject({
      outcome: 'failed',
      reason: 'no answer within 30 s',
      nextFetchIso: '2026-11-26T14:00:30.000Z',
    });
  });

  test('not reached at all: again after minutes, then more seldom; once there is a connection all is well', async () => {
    server.answer = good('2026-11-26T00:00:00');
    let asked = 0;
    let network = false;
    const flaky: typeof fetch = (...args) => {
      asked++;
      if (network) return fetch(...args);
      return Promise.reject(
        new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'EAI_AGAIN' }) }),
      );
    };
    const store = await started(undefined, { fetch: flaky });
    expect(store.status()[0]).toMatchObject({
      outcome: 'failed',
      reason: 'no network: names are not found',
      nextFetchIso: '2026-11-26T12:05:00.000Z',
    });
    await pass(store, 24 * HOUR);
    expect(asked).toBeGreaterThan(12);
    expect(asked).toBeLessThan(20);
    expect(server.requests).toHaveLength(0);
    network = true;
    await pass(store, 2 * HOUR);
    expect(server.requests).toHaveLength(1);
    expect(store.status()[0]).toMatchObject({ outcome: 'ok' });
  });

  test('a refused connection is "not reached", one that breaks after the request is not', async () => {
    const { url } = server;
    await server.close();
    const store = await started([{ url }]);
    expect(store.status()[0]).toMatchObject({
      reason: 'connection refused: nothing listens there',
      nextFetchIso: '2026-11-26T12:05:00.000Z',
    });
    server = await elementServer();
    server.answer = (response) => response.destroy();
    const other = await started([{ url: server.url }]);
    expect(other.status()[0]).toMatchObject({ outcome: 'failed', nextFetchIso: '2026-11-26T14:00:00.000Z' });
  });

  test('what moved for good is asked at its new place, and said', async () => {
    server.answer = (response, request) => {
      if (request.url === '/gp.php') text('', { location: '/new' }, 301)(response, request);
      else good('2026-11-26T00:00:00')(response, request);
    };
    let store = await started();
    expect(store.of(100)).not.toBeNull();
    store = await restart(store, 3 * HOUR);
    expect(server.requests.map((r) => r.url)).toEqual(['/gp.php', '/new', '/new']);
    expect(store.status()[0]?.reason).toBe(`has moved to ${new URL('/new', server.url)}: change the settings`);
  });

  test('good records of an answer are taken, bad ones are told', async () => {
    const lines = tle();
    server.answer = text(
      [lines.name, lines.one, lines.two, 'BAD', `${lines.one.slice(0, 68)}x`, lines.two].join('\r\n'),
    );
    const store = await started();
    expect(store.of(25544)).toMatchObject({ name: 'ISS (ZARYA)' });
    expect(store.status()[0]).toMatchObject({
      outcome: 'ok',
      bad: 1,
      reason: expect.stringMatching(/^1 record can't be used: line 5: bad checksum/),
    });
  });

  test('the lines of SatNOGS DB', async () => {
    const { name, one, two } = tle();
    server.answer = text(JSON.stringify([{ tle0: `0 ${name}`, tle1: one, tle2: two, norad_cat_id: 25544 }]));
    expect((await started()).of(25544)).toMatchObject({ name });
  });

  test('a satellite that is left out keeps its elements for a month', async () => {
    server.answer = good('2026-11-26T00:00:00', '2026-11-20T00:00:00');
    const store = await started();
    server.answer = good('2026-11-26T06:00:00');
    await pass(store, 3 * HOUR);
    expect(store.of(101)).not.toBeNull();
    time.setWall('2026-12-21T00:00:00Z');
    await pass(store, 3 * HOUR);
    expect(store.of(101)).toBeNull();
  });
});

test('whatever happens, requests are two hours apart, and a day after a refusal', async () => {
  const answers = {
    good: good('2026-11-26T00:00:00'),
    page: text('<html>'),
    error: text('', {}, 500),
    refusal: text('', {}, 403),
    unmodified: text('', {}, 304),
    broken: (response: { destroy(): void }) => void response.destroy(),
  };
  const step = fc.oneof(
    fc.record({ answer: fc.constantFrom(...(Object.keys(answers) as (keyof typeof answers)[])) }),
    fc.record({ passMs: fc.integer({ min: 1, max: 5 * HOUR }) }),
    // Behind until it is set, ten minutes later, as on a computer without a battery for its clock.
    fc.record({
      offMs: fc.nat(3 * HOUR),
      behindMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2000 * HOUR })),
    }),
    fc.record({ stepMs: fc.integer({ min: -1000 * HOUR, max: 0 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
      for (const name of ['elements.json', 'elements-state.json']) rmSync(join(folder, name), { force: true });
      let runStartMs = Date.parse(NOW);
      let answer: keyof typeof answers = 'good';
      const asked: { at: number; answer: keyof typeof answers }[] = [];
      const trueMs = () => runStartMs + time.clock.monotonic();
      const setRight = () => time.setWall(new Date(trueMs()).toISOString());
      server.answer = (response, request) => {
        asked.push({ at: trueMs(), answer });
        answers[answer](response, request);
      };
      time = manualTime(NOW);
      let store = await started();
      for (const s of steps) {
        if ('answer' in s) answer = s.answer;
        else if ('passMs' in s) await pass(store, s.passMs);
        else if ('stepMs' in s) {
          time.setWall(new Date(time.clock.now() + s.stepMs).toISOString());
          await pass(store, 10 * MINUTE);
          setRight();
          await pass(store, MINUTE);
        } else {
          await store.close();
          runStartMs = trueMs() + s.offMs;
          time = manualTime(new Date(runStartMs - s.behindMs).toISOString());
          store = await started();
          await pass(store, 10 * MINUTE);
          setRight();
          await pass(store, MINUTE);
        }
      }
      await store.close();
      for (let i = 1; i < asked.length; i++) {
        const wait = asked[i - 1]!.answer === 'refusal' ? 24 * HOUR : 2 * HOUR;
        expect(asked[i]!.at - asked[i - 1]!.at).toBeGreaterThanOrEqual(wait);
      }
    }),
    { numRuns: 40 },
  );
});

describe('a wrong clock', () => {
  test('of 1970 asks nobody; once it is set the wait of before counts', async () => {
    server.answer = good('2026-11-26T00:00:00');
    let store = await started();
    store = await restart(store, 0, '1970-01-01T00:00:30Z');
    await pass(store, 5 * HOUR);
    expect(server.requests).toHaveLength(1);
    expect(store.status()[0]).toMatchObject({ nextFetchIso: null, reason: "not asked: the clock isn't set" });
    expect(store.of(100)).not.toBeNull();
    time.setWall('2026-11-26T18:00:00Z');
    await pass(store, MINUTE);
    expect(server.requests).toHaveLength(2);
  });

  test('of 1970, set within two hours of the last request: the rest of them is waited for', async () => {
    server.answer = good('2026-11-26T00:00:00');
    let store = await started();
    store = await restart(store, 0, '1970-01-01T00:00:30Z');
    await pass(store, MINUTE);
    time.setWall('2026-11-26T13:00:00Z');
    await pass(store, 59 * MINUTE);
    expect(server.requests).toHaveLength(1);
    await pass(store, 2 * MINUTE);
    expect(server.requests).toHaveLength(2);
  });

  test('behind by days, set after a request: the next run knows when that was', async () => {
    server.answer = good('2026-11-26T00:00:00');
    time = manualTime('2026-11-20T00:00:00Z');
    let store = await started();
    await pass(store, MINUTE);
    time.setWall(NOW);
    await pass(store, MINUTE);
    store = await restart(store, MINUTE);
    await pass(store, HOUR);
    expect(server.requests).toHaveLength(1);
    await pass(store, HOUR);
    expect(server.requests).toHaveLength(2);
  });

  test('jumping ahead or back within a run changes nothing', async () => {
    server.answer = good('2026-11-26T00:00:00');
    const store = await started();
    for (const wall of ['2031-01-01T00:00:00Z', '2026-11-26T12:20:00Z', '2025-01-01T00:00:00Z', NOW]) {
      time.setWall(wall);
      await pass(store, 20 * MINUTE);
    }
    expect(server.requests).toHaveLength(1);
    await pass(store, 41 * MINUTE);
    expect(server.requests).toHaveLength(2);
  });

  test('a last request in the future counts as the start of the run', async () => {
    server.answer = good('2026-11-26T00:00:00');
    time = manualTime('2029-01-01T00:00:00Z');
    let store = await started();
    store = await restart(store, 0, NOW);
    expect(store.status()[0]).toMatchObject({ nextFetchIso: '2026-11-26T14:00:00.000Z' });
    await pass(store, 2 * HOUR - MINUTE);
    expect(server.requests).toHaveLength(1);
    await pass(store, 2 * MINUTE);
    expect(server.requests).toHaveLength(2);
  });
});

describe('files', () => {
  const path = () => join(folder, 'own.txt');
  const put = (content: string, second: number) => {
    writeFileSync(path(), content);
    utimesSync(path(), second, second);
  };

  test('are read when opened, and again when they change', async () => {
    put(JSON.stringify(omm(1, '2026-11-20T00:00:00')), 1000);
    const store = await started([{ file: path() }]);
    expect(store.of(1)).toMatchObject({ source: path() });
    const changes: number[][] = [];
    const end = store.onChange((changed) => changes.push([...changed]));
    await pass(store, MINUTE);
    expect(changes).toEqual([]);
    put(JSON.stringify([omm(1, '2026-11-20T00:00:00'), omm(2, '2026-11-20T00:00:00')]), 2000);
    await pass(store, MINUTE);
    expect(changes).toEqual([[2]]);
    put('<html>', 3000);
    await pass(store, MINUTE);
    rmSync(path());
    await pass(store, MINUTE);
    expect(changes).toEqual([[2]]);
    expect(store.status()[0]).toMatchObject({
      outcome: 'failed',
      reason: 'no such file',
      elements: 2,
      nextFetchIso: null,
    });
    expect(written().elements).toHaveLength(2);
    end();
    put(JSON.stringify(omm(3, '2026-11-20T00:00:00')), 4000);
    await pass(store, MINUTE);
    expect([...store.current().keys()]).toEqual([3]);
    expect(changes).toHaveLength(1);
  });

  test('the newest epoch of all sources wins, a pinned file over all', async () => {
    put(JSON.stringify([omm(100, '2026-11-01T00:00:00'), omm(101, '2026-11-25T12:00:00')]), 1000);
    server.answer = good('2026-11-26T00:00:00', '2026-11-25T00:00:00');
    const sources = [{ url: server.url }, { file: path() }];
    let store = await started(sources);
    expect([store.of(100)?.source, store.of(101)?.source]).toEqual([server.url, path()]);
    store = await restart(store, 0, undefined, [{ url: server.url }, { file: path(), pinned: true }]);
    expect(store.of(100)).toMatchObject({ source: path(), pinned: true });
    store = await restart(store, 0, undefined, sources);
    expect(store.of(100)).toMatchObject({ source: server.url, pinned: false });
  });

  test('a server cannot pin', async () => {
    server.answer = text(JSON.stringify(omm(100, '2026-11-01T00:00:00', { USER_DEFINED_PINNED: 'true' })));
    put(JSON.stringify(omm(100, '2026-11-02T00:00:00')), 1000);
    expect((await started([{ url: server.url }, { file: path() }])).of(100)?.source).toBe(path());
  });

  test('an epoch of next year does not beat that of today', async () => {
    server.answer = text(JSON.stringify([omm(100, '2027-11-26T00:00:00'), omm(101, '2027-11-26T00:00:00')]));
    put(JSON.stringify(omm(100, '2026-11-02T00:00:00')), 1000);
    const store = await started([{ url: server.url }, { file: path() }]);
    expect(store.of(100)?.source).toBe(path());
    expect(store.of(101)?.source).toBe(server.url);
  });

  test('nor does it where both come from the same source, or from the user', async () => {
    const both = [omm(100, '2026-11-25T00:00:00'), omm(100, '2036-11-26T00:00:00')];
    server.answer = text(JSON.stringify(both));
    const store = await started([{ url: server.url }]);
    store.paste(JSON.stringify(both.map((one) => ({ ...one, NORAD_CAT_ID: 7 })).reverse()));
    for (const norad of [100, 7]) expect(store.of(norad)?.epochMs).toBe(Date.parse('2026-11-25T00:00:00Z'));
  });
});

describe("the user's own", () => {
  test('pasted, pinned, unpinned, removed; kept from run to run', async () => {
    server.answer = good('2026-11-26T00:00:00');
    let store = await started();
    const old = JSON.stringify([omm(100, '2026-05-10T00:00:00'), omm(7, '2026-05-10T00:00:00')]);
    expect(store.paste(old).elements).toHaveLength(2);
    expect([store.of(100)?.source, store.of(7)?.source]).toEqual([server.url, 'pasted 2026-11-26']);
    store.paste(old, { pinned: true });
    expect(store.of(100)).toMatchObject({ source: 'pasted 2026-11-26', pinned: true });
    store = await restart(store, MINUTE);
    expect(store.of(100)).toMatchObject({ source: 'pasted 2026-11-26', pinned: true });
    expect(written().elements.find((e) => e.norad === 100)).toMatchObject({ pinned: true });
    expect([store.unpin(100), store.unpin(100)]).toEqual([true, false]);
    expect(store.of(100)?.source).toBe(server.url);
    expect(store.own().map((e) => [e.norad, e.pinned])).toEqual([
      [7, true],
      [100, false],
      [7, false],
    ]);
    expect([store.remove(7), store.remove(7), store.of(7)]).toEqual([true, false, null]);
    store = await restart(store, MINUTE);
    expect(store.of(7)).toBeNull();
  });

  test('a pin holds what there is against what comes', async () => {
    server.answer = good('2026-11-26T00:00:00');
    const store = await started();
    expect([store.pin(100), store.pin(7)]).toEqual([true, false]);
    server.answer = good('2026-11-26T10:00:00');
    await pass(store, 3 * HOUR);
    expect(store.ageDays(100, Date.parse('2026-11-26T00:00:00Z'))).toBeCloseTo(0, 6);
    store.unpin(100);
    expect(store.of(100)?.epochMs).toBe(Date.parse('2026-11-26T10:00:00Z'));
  });

  test('bad pastes change nothing and say why', async () => {
    const store = await started([]);
    const { one, two } = tle();
    expect(store.paste(`${one}\n${two.slice(0, 68)}9`).bad).toEqual([
      { line: 2, reason: expect.stringContaining('bad checksum') },
    ]);
    expect(store.paste(JSON.stringify(omm(1, '2026-11-26T00:00:00', { MEAN_MOTION: 17.5 }))).bad[0]?.reason).toContain(
      'below the surface',
    );
    expect(store.paste('x'.repeat(16_000_001)).bad[0]?.reason).toContain('larger than');
    expect(store.current().size).toBe(0);
  });

  test('an elements.json that the user put there is taken in, not overwritten', async () => {
    const path = join(folder, 'elements.json');
    writeFileSync(path, JSON.stringify(omm(5, '2026-11-20T00:00:00')));
    server.answer = good('2026-11-26T00:00:00');
    const store = await started();
    expect(store.of(5)).toMatchObject({ source: path });
    expect(written().elements.map((e) => e.norad)).toEqual([5, 100]);
    writeFileSync(path, JSON.stringify([omm(5, '2026-11-20T00:00:00'), omm(6, '2026-11-20T00:00:00')]));
    await pass(store, MINUTE);
    expect(written().elements.map((e) => e.norad)).toEqual([5, 6, 100]);
    expect(store.own().map((e) => e.norad)).toEqual([5, 6]);
  });
});

test('a damaged state: said, set aside, nobody is asked for two hours, elements.json still serves', async () => {
  server.answer = good('2026-11-26T00:00:00');
  const store = await started();
  await store.close();
  const state = join(folder, 'elements-state.json');
  for (const damaged of ['{"version":1,"sour', '{"version":99}', '{"version":1,"sources":{"a":7}}', '[]']) {
    writeFileSync(state, damaged);
    const next = await restart(stores.at(-1)!, HOUR);
    expect(next.of(100)?.source).toBe(server.url);
    expect(next.status()[0]?.reason).toContain('elements-state.json');
    expect(readFileSync(`${state}.unreadable`, 'utf8')).toBe(damaged);
    await pass(next, 2 * HOUR - MINUTE);
    expect(server.requests).toHaveLength(1);
  }
});

test('without sources and elements nothing is written', async () => {
  await (await started([])).close();
  expect(() => readFileSync(join(folder, 'elements.json'))).toThrow('ENOENT');
});
