import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { framesPage, passList, satelliteList, statusReport } from '../../daemon/api/schemas.ts';
import { telemetryReport } from '../../daemon/api/telemetry-route.ts';
import { sampleFrame } from '../store/sample-frame.ts';
import { benchApi } from './bench.ts';

const get = async (url: string, headers: Record<string, string> = {}) => {
  const { api, ledger } = await benchApi();
  ledger.add(250);
  return api.app.inject({ url, headers: { host: 'localhost:8480', ...headers } });
};

test.each([
  ['/api/status', statusReport],
  ['/api/frames', framesPage],
  ['/api/satellites', satelliteList],
  ['/api/passes', passList],
])('%s answers as documented', async (url, schema) => {
  const answer = await get(url);
  expect(answer.statusCode).toBe(200);
  expect(Value.Errors(schema, answer.json())).toEqual([]);
});

test('pages of frames follow one another by `next`, and the last one repeats its `since`', async () => {
  const { api, ledger } = await benchApi();
  ledger.add(250);
  const seen: number[] = [];
  let since = 0;
  for (;;) {
    const page = (await api.app.inject(`/api/frames?since=${since}`)).json();
    if (page.frames.length === 0) {
      expect(page.next).toBe(since);
      break;
    }
    seen.push(...page.frames.map((frame: { seq: number }) => frame.seq));
    since = page.next;
  }
  expect(seen).toEqual(Array.from({ length: 250 }, (_, i) => i + 1));
});

test('frames of one satellite, by name or number', async () => {
  expect((await get('/api/frames?satellite=40949&limit=3')).json().frames).toHaveLength(3);
  expect((await get('/api/frames?satellite=AO-73')).json()).toEqual({ frames: [], next: 250 });
});

test('frames of several satellites, with and without simulated ones, page by page through a long ledger', async () => {
  const { api, ledger } = await benchApi();
  // Wanted ones are far apart, so that steps without any lie between them.
  const satellite = (seq: number) => (seq % 5000 === 0 ? 'AO-73' : seq % 7000 === 0 ? 'GOMX-3' : 'DIER-5');
  ledger.add(30_000, 4, (seq) => ({ satellite: satellite(seq), simulated: seq > 20_000 }));
  const page = async (query: string) => {
    const { frames, next } = (await api.app.inject(`/api/frames?${query}`)).json();
    return { seqs: frames.map((frame: { seq: number }) => frame.seq), next };
  };
  const both = 'satellite=ao-73&satellite=40949';
  expect(await page(`${both}&limit=4`)).toEqual({ seqs: [5000, 7000, 10_000, 14_000], next: 14_000 });
  expect(await page(`${both}&since=14000`)).toEqual({
    seqs: [15_000, 20_000, 21_000, 25_000, 28_000, 30_000],
    next: 30_000,
  });
  expect(await page(`${both}&simulated=false&since=7000`)).toEqual({
    seqs: [10_000, 14_000, 15_000, 20_000],
    next: 30_000,
  });
  expect(await page('satellite=AO-73&simulated=true&limit=1')).toEqual({ seqs: [25_000], next: 25_000 });
});

test('what a frame says, by its number', async () => {
  const { api, ledger } = await benchApi();
  const frame = '8aa8c101000102030405060708090a0b0c0d0e0f10111213cc79ebe6';
  ledger.frames_.push({ seq: 1, id: '0'.repeat(32), ...sampleFrame({ frame }), copies: [] });
  const answer = await api.app.inject('/api/frames/1/telemetry');
  expect(Value.Errors(telemetryReport, answer.json())).toEqual([]);
  expect(answer.json()).toMatchObject({ definition: 'csp', reason: null });
  expect(answer.json().fields[1]).toEqual({ name: 'source', value: 5, offset: 0, length: 1 });
  expect((await api.app.inject('/api/frames/2/telemetry')).json()).toMatchObject({ code: 'NOT_FOUND' });
  expect((await api.app.inject('/api/frames/x/telemetry')).json()).toMatchObject({ code: 'BAD_QUERY' });
});

test.each([
  ['since=-1', 'since'],
  ['since=abc', 'since'],
  ['since=1.5', 'since'],
  ['since=99999999999999999999', 'since'],
  ['limit=0', 'limit'],
  ['limit=1001', 'limit'],
  ['satellite=', 'satellite'],
  ['simulated=no', 'simulated'],
  ['sinse=3', "'sinse'"],
])('a bad query is refused, naming what is wrong: %s', async (query, named) => {
  const answer = await get(`/api/frames?${query}`);
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toEqual({ code: 'BAD_QUERY', message: expect.stringContaining(named) });
});

test('a satellite that nobody knows is refused, not taken for a silent one', async () => {
  const answer = await get('/api/frames?satellite=AO-73&satellite=GOMX3');
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toEqual({ code: 'SATELLITE_UNKNOWN', message: "unknown satellite 'GOMX3'" });
});

test('what does not exist, and what is no WebSocket, is said with a code', async () => {
  expect((await get('/api/nonsense')).json()).toMatchObject({ code: 'NOT_FOUND' });
  expect((await get('/api/frames/stream')).json()).toMatchObject({ code: 'UPGRADE_REQUIRED' });
});

test('the list of passes says why it is empty', async () => {
  expect((await get('/api/passes')).json()).toEqual({
    passes: [],
    not_predicted: [],
    reason: "no satellite is tracked: the settings have no 'track'",
  });
});

test('an internal error is logged, not shown', async () => {
  const { api, errors } = await benchApi({ broken: true });
  const answer = await api.app.inject('/api/status');
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain('secret');
  expect(errors).toHaveLength(1);
});

test('/openapi.json describes every route', async () => {
  const document = (await get('/openapi.json')).json();
  const routes = [
    '/api/collectors',
    '/api/elements',
    '/api/elements/{norad}',
    '/api/frames',
    '/api/frames/events',
    '/api/frames/stream',
    '/api/frames/{seq}/delivery',
    '/api/frames/{seq}/telemetry',
    '/api/live/stream',
    '/api/passes',
    '/api/passes/{key}/calibration',
    '/api/passes/{key}/choice',
    '/api/passes/{key}/offsets',
    '/api/passes/{key}/track',
    '/api/passes/{key}/waterfall.png',
    '/api/plan',
    '/api/rigs',
    '/api/rotator',
    '/api/satellites',
    '/api/status',
    '/api/track/{norad}',
    '/api/track/{norad}/ground',
    '/api/tracking/stream',
  ];
  expect(Object.keys(document.paths).sort()).toEqual(routes);
  expect(document.paths['/api/frames'].get.parameters.map((p: { name: string }) => p.name)).toEqual([
    'since',
    'limit',
    'satellite',
    'simulated',
  ]);
});

test.each([
  ['localhost:8480', undefined, 200],
  ['127.0.0.1:8480', 'http://127.0.0.1:8480', 200],
  ['[::1]:8480', 'http://localhost:5173', 200],
  ['evil.example:8480', undefined, 403],
  ['evil.example', 'http://evil.example', 403],
  ['localhost:8480', 'http://evil.example', 403],
  ['localhost:8480', 'http://localhost.evil.example', 403],
  ['localhost:8480', 'null', 403],
  ['192.168.1.5:8480', undefined, 403],
])('Host %s with Origin %s: %i', async (host, origin, statusCode) => {
  const answer = await get('/api/status', { host, ...(origin === undefined ? {} : { origin }) });
  expect(answer.statusCode).toBe(statusCode);
});

test('who listens everywhere is reached under numeric addresses, but not under foreign names', async () => {
  const { api } = await benchApi({ host: '0.0.0.0' });
  const code = async (headers: Record<string, string>) =>
    (await api.app.inject({ url: '/api/status', headers })).statusCode;
  expect(await code({ host: '192.168.1.5:8480' })).toBe(200);
  expect(await code({ host: '[fd00::5]:8480', origin: 'http://[fd00::5]:8480' })).toBe(200);
  expect(await code({ host: '192.168.1.5:8480', origin: 'http://192.168.1.6:8480' })).toBe(403);
  expect(await code({ host: 'rebound.example:8480' })).toBe(403);
});
