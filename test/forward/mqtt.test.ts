import type { IPublishPacket } from 'mqtt-packet';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Collector, CollectorContext } from '../../daemon/forward/collector.ts';
import { makeCollector } from '../../daemon/forward/index.ts';
import { topicTemplate } from '../../daemon/forward/mqtt-topic.ts';
import type { CollectorSettingsOf } from '../../daemon/settings/settings.ts';
import { contextOf, kinds, type SaidByCollector, storedFrames, unaborted } from './collector-world.ts';
import { type FakeBroker, type FakeBrokerAnswers, fakeBroker } from './fake-broker.ts';

let ends: (() => Promise<unknown>)[];
beforeEach(() => {
  ends = [];
});
afterEach(async () => {
  for (const end of ends.reverse()) await end();
});

const usual = { id: 'test', type: 'mqtt', enabled: true, satellites: null, except: [], start: 'now' } as const;

async function start(
  answers: FakeBrokerAnswers,
  change: Partial<CollectorSettingsOf<'mqtt'>> = {},
  said: SaidByCollector[] = [],
): Promise<{ broker: FakeBroker; collector: Collector }> {
  const broker = await fakeBroker(answers);
  ends.push(() => broker.close());
  const collector = await makeCollector({ ...usual, url: broker.url, timeoutS: 120, ...change }, contextOf({}, said));
  ends.push(() => collector.close());
  return { broker, collector };
}

const seqOf = ({ payload }: IPublishPacket) => (JSON.parse(payload.toString()) as { seq?: number }).seq;
const seqs = ({ published }: FakeBroker) => published.map(seqOf).filter((seq) => seq !== undefined);

describe('the broker says no to the second of five frames', () => {
  const later = (scope: 'collector' | 'frame', words: string) => ({
    kind: 'later',
    scope,
    reason: expect.stringContaining(words),
  });
  const accepted = { kind: 'accepted' };
  const quota = later('collector', 'a quota of the broker is used up');
  const forbidden = later('collector', 'the broker does not permit it to this user');
  const topic = later('collector', 'the broker does not take the topic');
  test.each([
    ['quota exceeded: it and all behind it come again', 151, [accepted, quota, quota, quota, quota]],
    ['not authorised: the same', 135, [accepted, forbidden, forbidden, forbidden, forbidden]],
    ['topic name invalid: the same', 144, [accepted, topic, topic, topic, topic]],
    [
      'payload format invalid: it never comes again',
      153,
      [accepted, { kind: 'refused', reason: expect.stringContaining('payload invalid') }, accepted, accepted, accepted],
    ],
    [
      'unspecified error: it alone comes again',
      128,
      [accepted, later('frame', 'the broker gave no reason'), accepted, accepted, accepted],
    ],
    ['no matching subscribers: it is accepted', 16, [accepted, accepted, accepted, accepted, accepted]],
  ])('%s', async (_what, reasonCode, outcomes) => {
    const { collector } = await start({ puback: (packet) => (seqOf(packet) === 2 ? reasonCode : 0) });
    expect(await collector.deliver(storedFrames(5), unaborted)).toEqual(outcomes);
  });
});

test('an acknowledgement that does not come: later, on a new connection, and nothing is sent by the library alone', async () => {
  let silent = true;
  const puback = (packet: IPublishPacket) => (silent && seqOf(packet) === 2 ? null : 0);
  const { broker, collector } = await start({ puback }, { timeoutS: 5 });
  expect(kinds(await collector.deliver(storedFrames(3), unaborted))).toEqual(['accepted', 'later', 'later']);
  expect(seqs(broker)).toEqual([1, 2, 3]);
  silent = false;
  expect(kinds(await collector.deliver(storedFrames(1, 9), unaborted))).toEqual(['accepted']);
  expect(seqs(broker)).toEqual([1, 2, 3, 9]);
  expect(broker.connects.map(({ clean }) => clean)).toEqual([true, true]);
});

test('no more frames are on their way than the broker takes at once', async () => {
  const { collector } = await start({ receiveMaximum: 7 });
  expect(kinds(await collector.deliver(storedFrames(20), unaborted))).toEqual(Array(20).fill('accepted'));
});

test('a broker of MQTT 3.1.1 gets MQTT 3.1.1', async () => {
  const said: SaidByCollector[] = [];
  const old: FakeBrokerAnswers = {
    connack: ({ protocolVersion }) => ({ knows: 4, returnCode: protocolVersion === 5 ? 1 : 0 }),
  };
  const { broker, collector } = await start(old, {}, said);
  expect(kinds(await collector.deliver(storedFrames(2), unaborted))).toEqual(['accepted', 'accepted']);
  expect(broker.connects.map(({ protocolVersion }) => protocolVersion)).toEqual([5, 4]);
  expect(said.map(({ message }) => message)).toContainEqual(expect.stringContaining('does not know MQTT 5'));
});

test('who it is: user and password of the settings or the address, a client_id of its own', async () => {
  const { broker, collector } = await start({}, { user: 'station', password: 'secret' });
  await collector.deliver(storedFrames(1), unaborted);
  const [connect] = broker.connects;
  expect(connect).toMatchObject({
    clientId: 'TE5T-7e57ed00-test',
    username: 'station',
    password: Buffer.from('secret'),
  });
  const url = broker.url.replace('//', '//us%40er:pass@');
  const other = await makeCollector({ ...usual, url, clientId: 'mine' }, contextOf());
  ends.push(() => other.close());
  await other.deliver(storedFrames(1), unaborted);
  expect(broker.connects[1]).toMatchObject({ clientId: 'mine', username: 'us@er', password: Buffer.from('pass') });
});

describe('topics', () => {
  const all = ['station', 'norad', 'satellite'] as const;
  const of = (template: string, station: Partial<CollectorContext['station']> = {}) =>
    topicTemplate(template, all, contextOf({ station: { ...contextOf().station, ...station } }));

  test.each([
    ['{station}/{norad}/{satellite}', {}, { norad: 1, satellite: 'A+B/C#D\u0000E' }, 'TE5T/1/A_B_C_D_E'],
    ['{station}/{norad}/{satellite}', {}, { norad: null, satellite: null }, 'TE5T/unknown/unknown'],
    ['{station}', { callsign: null, name: '$SYS/x' }, { norad: 1, satellite: 'X' }, '_SYS_x'],
    ['{station}', { callsign: null, name: null }, { norad: 1, satellite: 'X' }, contextOf().ledgerId],
    ['frames/{satellite}', {}, { norad: 1, satellite: '{norad}' }, 'frames/{norad}'],
  ])('%s', (template, station, frame, topic) => {
    expect(of(template, station)(frame)).toBe(topic);
  });

  test.each([
    ['frames/#', 'wildcard'],
    ['frames/+/{norad}', 'wildcard'],
    ['$SYS/{norad}', 'begins with $'],
    ['frames/{callsign}', '{callsign}, expected {station}, {norad}, {satellite}'],
  ])('%s is refused at the start', (template, words) => {
    expect(() => of(template)).toThrow(words);
  });
});

test.each([
  [{ url: 'mqtt://' }, 'is no address'],
  [{ passwordFile: '/nowhere/password' }, "/nowhere/password can't be read"],
  [{ statusTopic: '{norad}/status' }, '{norad}, expected {station}'],
])('settings that can not work are told at the start: %j', async (change, words) => {
  await expect(makeCollector({ ...usual, url: 'mqtt://127.0.0.1:1', ...change }, contextOf())).rejects.toMatchObject({
    code: 'SETTINGS_INVALID',
    message: expect.stringContaining(words),
  });
});
