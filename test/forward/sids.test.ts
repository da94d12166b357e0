import { afterEach, describe, expect, test } from 'vitest';
import type { StoredFrame } from '../../daemon/api/wire.ts';
import type { CollectorContext, Outcome } from '../../daemon/forward/collector.ts';
import { sids } from '../../daemon/forward/sids.ts';
import type { CollectorSettingsOf } from '../../daemon/settings/settings.ts';
import { collectorContext, storedFrame } from './collector-context.ts';
import { sidsServer } from './servers/sids-server.ts';

type Settings = CollectorSettingsOf<'sids'>;
const common = { id: 'db', type: 'sids', enabled: true, satellites: null, except: [], start: 'now' } as const;
let server: Awaited<ReturnType<typeof sidsServer>>;
afterEach(() => server?.close());

async function deliver(
  frame: StoredFrame,
  settings: Partial<Settings> = {},
  context: Partial<CollectorContext> = {},
): Promise<Outcome> {
  const url = `${server.url}/api/telemetry/`;
  const collector = sids({ ...common, url, ...settings }, collectorContext(context));
  return (await collector.deliver([frame], new AbortController().signal))[0]!;
}

const form = {
  noradID: '40949',
  source: 'N0CALL',
  timestamp: '2026-01-31T12:00:00.000Z',
  frame: 'C0FFEE',
  locator: 'longLat',
  longitude: '8.9E',
  latitude: '49.7N',
  version: 'downlinkd 0.1.0',
};

test('a frame is a form of SiDS in the body', async () => {
  server = await sidsServer();
  expect(await deliver(storedFrame(1))).toEqual({ kind: 'accepted' });
  expect(server.taken).toEqual([form]);
  expect(server.received[0]!.url.search).toBe('');
});

test('the form goes into the query string where the server wants it there, behind what the address has already', async () => {
  server = await sidsServer();
  const url = `${server.url}/frame_db.php?noradID=&version=`;
  expect(await deliver(storedFrame(1), { url, parameters: 'query' })).toEqual({ kind: 'accepted' });
  expect(server.taken).toEqual([form]);
  expect(server.received[0]!.body).toHaveLength(0);
});

test('a source of the settings goes before the callsign', async () => {
  server = await sidsServer();
  await deliver(storedFrame(1), { source: 'DL0XYZ' });
  expect(server.taken[0]!['source']).toBe('DL0XYZ');
});

test.each([
  [-0.000004, 180, '180E', '0N'],
  [-33.9123456, -70.6, '70.6W', '33.91235S'],
  [1e-5, -1e-5, '0.00001W', '0.00001N'],
])('latitude %d, longitude %d', async (latitude, longitude, east, north) => {
  server = await sidsServer();
  const { station } = collectorContext();
  await deliver(storedFrame(1), {}, { station: { ...station, latitude, longitude } });
  expect(server.taken).toMatchObject([{ longitude: east, latitude: north }]);
});

test('what the server refuses is refused for good, in its words without control characters', async () => {
  server = await sidsServer({ unknown: '99999' });
  expect(await deliver(storedFrame(1, { norad: 99_999 }))).toEqual({
    kind: 'refused',
    reason: 'HTTP 400: {"detail":"Unknown [31m satellite."}',
  });
});

test('a wrong address costs no frame', async () => {
  server = await sidsServer();
  server.fault = { status: 404, body: 'Not Found' };
  expect(await deliver(storedFrame(1))).toEqual({
    kind: 'later',
    scope: 'collector',
    reason: 'HTTP 404: Not Found; check the address in the settings',
  });
});

test('a frame without a catalogue number or a time is refused here, and never sent', async () => {
  server = await sidsServer();
  const outcomes = [await deliver(storedFrame(1, { norad: null })), await deliver(storedFrame(2, { time: null }))];
  expect(outcomes).toEqual([
    { kind: 'refused', reason: expect.stringMatching(/catalogue number/) },
    { kind: 'refused', reason: expect.stringMatching(/time/) },
  ]);
  expect(server.received).toEqual([]);
});

describe('settings that can’t work are told at the start', () => {
  const { station } = collectorContext();
  test.each<[string, Partial<Settings>, CollectorContext['station'], RegExp]>([
    ['nobody', {}, { ...station, callsign: null }, /collector db: .*set source there, or station.callsign/],
    ['nowhere', {}, { ...station, longitude: null }, /station.latitude and station.longitude/],
    [
      'a token file that is not there',
      { tokenFile: '/nowhere/token' },
      station,
      /token_file \/nowhere\/token can't be read \(ENOENT\)/,
    ],
    ['a password in the address', { url: 'https://me:secret@host/' }, station, /url holds a name or password/],
  ])('%s', (_, settings, station, message) => {
    expect(() => sids({ ...common, url: 'https://host/', ...settings }, collectorContext({ station }))).toThrow(
      expect.objectContaining({ code: 'SETTINGS_INVALID', message: expect.stringMatching(message) }),
    );
  });
});
