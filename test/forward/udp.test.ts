import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { kissRecord } from '../../daemon/decode/kiss.ts';
import { makeCollector } from '../../daemon/forward/index.ts';
import type { CollectorSettingsOf } from '../../daemon/settings/settings.ts';
import { contextOf, deliverAll, kinds, storedFrames, unaborted } from './collector-world.ts';

let receiver: Socket;
let port: number;
let received: Buffer[];

async function listen(at = 0): Promise<void> {
  receiver = createSocket('udp4');
  receiver.on('message', (message) => received.push(message));
  receiver.bind(at, '127.0.0.1');
  await once(receiver, 'listening');
  port = receiver.address().port;
}

/** Until so many datagrams are here. */
async function arrived(count: number): Promise<Buffer[]> {
  while (received.length < count) await once(receiver, 'message');
  return received;
}

beforeEach(async () => {
  received = [];
  await listen();
});
afterEach(() => {
  try {
    receiver.close();
  } catch {}
});

const make = (change: Partial<CollectorSettingsOf<'udp'>> = {}) =>
  makeCollector(
    {
      id: 'test',
      type: 'udp',
      enabled: true,
      satellites: null,
      except: [],
      start: 'now',
      host: '127.0.0.1',
      port,
      ...change,
    },
    contextOf(),
  );

describe('one datagram a frame', () => {
  test('raw, the usual format: the bytes alone', async () => {
    const collector = await make();
    const frames = storedFrames(3);
    expect(kinds(await collector.deliver(frames, unaborted))).toEqual(['accepted', 'accepted', 'accepted']);
    expect((await arrived(3)).map((message) => message.toString('hex'))).toEqual(frames.map(({ frame }) => frame));
    await collector.close();
  });

  test('KISS, without a timestamp', async () => {
    const collector = await make({ format: 'kiss', host: 'localhost' });
    await collector.deliver(storedFrames(1, 1, { frame: 'c0db01' }), unaborted);
    expect((await arrived(1))[0]).toEqual(kissRecord(Buffer.from('c0db01', 'hex'), null));
    await collector.close();
  });

  test('JSON', async () => {
    const collector = await make({ format: 'json' });
    const [frame] = storedFrames(1);
    await collector.deliver([frame!], unaborted);
    expect(JSON.parse((await arrived(1))[0]!.toString())).toMatchObject({ ...frame, station: { callsign: 'TE5T' } });
    await collector.close();
  });
});

test('a frame too large for a datagram is refused, the others go on', async () => {
  const collector = await make();
  const large = (bytes: number) => storedFrames(1, 1, { frame: '00'.repeat(bytes) });
  const outcomes = await collector.deliver([...large(65_508), ...large(65_507), ...storedFrames(1)], unaborted);
  expect(outcomes).toMatchObject([
    { kind: 'refused', reason: '65508 bytes are too many for a datagram, 65507 is the most' },
    { kind: 'accepted' },
    { kind: 'accepted' },
  ]);
  expect((await arrived(2)).map(({ length }) => length)).toEqual([65_507, 7]);
  await collector.close();
});

test('while nothing listens the frames are kept, and come when something does', async () => {
  const collector = await make();
  receiver.close();
  const frames = storedFrames(5);
  expect(await collector.deliver(frames, unaborted)).toEqual(
    frames.map(() => ({
      kind: 'later',
      scope: 'collector',
      reason: `127.0.0.1:${port} by UDP: connection refused: nothing listens there`,
    })),
  );
  await listen(port);
  expect(await deliverAll(collector, frames)).toEqual([]);
  expect((await arrived(5)).map((message) => message.toString())).toEqual(frames.map(({ seq }) => `frame ${seq}`));
  await collector.close();
});

test('a listener that goes away between batches: what it did not get comes again', async () => {
  const collector = await make();
  await deliverAll(collector, storedFrames(3));
  await arrived(3);
  receiver.close();
  expect(kinds(await collector.deliver(storedFrames(2, 4), unaborted))).toEqual(['later', 'later']);
  await listen(port);
  await deliverAll(collector, storedFrames(2, 4));
  expect((await arrived(5)).map((message) => message.toString())).toEqual([1, 2, 3, 4, 5].map((n) => `frame ${n}`));
  await collector.close();
});

test('a name that can not be resolved: later', async () => {
  const collector = await make({ host: 'nobody.invalid' });
  expect(await collector.deliver(storedFrames(1), unaborted)).toEqual([
    {
      kind: 'later',
      scope: 'collector',
      reason: expect.stringMatching(/^nobody\.invalid:\d+ by UDP: no (such host|network)/),
    },
  ]);
  await collector.close();
});
