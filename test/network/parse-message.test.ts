import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { subjectOf } from '../../daemon/network/message.ts';
import { parseMessage } from '../../daemon/network/parse-message.ts';
import { collectorContext, networkFrame } from './station-frames.ts';

const { altitudeM, ...place } = collectorContext().station;
const frame = { ...networkFrame('ledger-1', 7), ledger: 'ledger-1', station: { ...place, altitude_m: altitudeM } };
const subject = 'frames.40949.DL1ABC_P';
const parse = (value: unknown, to = subject) => parseMessage(to, Buffer.from(JSON.stringify(value)));

test('a frame comes out as it went in', () => {
  expect(parse(frame)).toEqual(frame);
  expect(parse({ ...frame, added_later: 1 })).toMatchObject(frame);
});

describe('what is no frame is told', () => {
  test.each<[string, unknown, string]>([
    ['nothing', null, 'it is not an object'],
    ['an array', [], 'it is not an object'],
    ['an empty object', {}, 'id is missing'],
    ['another id', { ...frame, id: 'x' }, 'id is "x"'],
    ['odd hex', { ...frame, frame: 'abc' }, 'frame is "abc"'],
    ['no time', { ...frame, time: '2026-99-01T00:00:00.000Z' }, 'time is "2026-99-01T00:00:00.000Z"'],
    ['a NUL', { ...frame, satellite: 'a\0' }, 'satellite is "a\\u0000"'],
    ['half a character', { ...frame, mode: '\ud800' }, 'mode is "\\ud800"'],
    ['a huge number', { ...frame, snr_db: 1e300 }, 'snr_db is 1e+300'],
    ['no station', { ...frame, station: null }, 'station is not an object'],
    ['a place nowhere', { ...frame, station: { ...frame.station, latitude: 91 } }, 'station.latitude is 91'],
  ])('%s', (_, value, problem) => {
    expect(parse(value)).toEqual({ problem });
  });

  test('another station’s or satellite’s subject', () => {
    expect(parse(frame, 'frames.40949.OTHER')).toEqual({
      problem: `it says ${subject}, and came as frames.40949.OTHER`,
    });
    expect(parse({ ...frame, norad: null })).toMatchObject({ problem: /frames\.unknown/ });
  });

  test('any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => 'problem' in parseMessage(subject, bytes)));
    fc.assert(fc.property(fc.json(), (json) => 'problem' in parseMessage(subject, Buffer.from(json))));
  });
});

test('a station’s word in subjects', () => {
  const word = (callsign: string | null, name: string | null = null) =>
    subjectOf(1, { ...frame.station, callsign, name });
  expect(word('dl1abc/p')).toBe('frames.1.DL1ABC_P');
  expect(word(null, 'My station.*>')).toBe('frames.1.MY_STATION___');
  expect(word(null)).toBe('frames.1.UNNAMED');
  expect(word('Ж1')).toBe('frames.1.Ж1');
});
