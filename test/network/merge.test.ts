import { expect, test } from 'vitest';
import { type KnownTransmission, mergeKey, transmissionOf } from '../../daemon/network/merge.ts';
import type { NetworkFrame } from '../../daemon/network/message.ts';
import { collectorContext, networkFrame } from './station-frames.ts';

const at = (ms: number) => new Date(Date.UTC(2026, 0, 31, 12) + ms).toISOString();

function heard(ledger: string, ms: number, change: Partial<NetworkFrame> = {}): NetworkFrame {
  const { altitudeM, ...place } = collectorContext().station;
  return {
    ...networkFrame(ledger, 1, { time: at(ms) }),
    ledger,
    station: { ...place, altitude_m: altitudeM },
    ...change,
  };
}

const known = (id: string, ms: number, ...ledgers: string[]): KnownTransmission => ({
  id,
  key: '',
  timeMs: Date.parse(at(ms)),
  ledgers: new Set(ledgers),
});

test('the nearest within the tolerance, both borders in', () => {
  const two = [known('early', 0, 'a'), known('late', 1000, 'a')];
  expect(transmissionOf(heard('b', 300), two, 2000)?.id).toBe('early');
  expect(transmissionOf(heard('b', 800), two, 2000)?.id).toBe('late');
  expect(transmissionOf(heard('b', 3000), two, 2000)?.id).toBe('late');
  expect(transmissionOf(heard('b', 3001), two, 2000)).toBe(null);
});

test('a ledger hears a transmission once', () => {
  expect(transmissionOf(heard('a', 1000), [known('first', 0, 'a')], 2000)).toBe(null);
  expect(transmissionOf(heard('a', 1000), [known('first', 0, 'a'), known('other', 2900, 'b')], 2000)?.id).toBe('other');
});

test('a reception without a time to believe in stays for itself', () => {
  const one = [known('first', 0, 'a')];
  expect(transmissionOf(heard('b', 0, { clock: 'unsynchronised' }), one, 2000)).toBe(null);
  expect(transmissionOf(heard('b', 0, { time: null }), one, 2000)).toBe(null);
  expect(transmissionOf(heard('b', 0, { clock: 'unknown' }), one, 2000)?.id).toBe('first');
  expect(transmissionOf(heard('b', 0), [{ ...one[0]!, timeMs: null }], 2000)).toBe(null);
});

test('other satellites, other bytes and simulated ones are other transmissions', () => {
  const key = mergeKey(heard('a', 0));
  expect(mergeKey(heard('b', 9999, { satellite: 'named otherwise', snr_db: 1 }))).toBe(key);
  for (const change of [{ norad: 1 }, { frame: 'c0ffef' }, { simulated: true }])
    expect(mergeKey(heard('a', 0, change))).not.toBe(key);
});
