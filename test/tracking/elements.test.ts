import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { currentElements, type Elements, parseElements } from '../../daemon/tracking/elements.ts';
import { markedOmmOf, ommOf } from '../../daemon/tracking/omm.ts';
import { impossibility } from '../../daemon/tracking/orbit-check.ts';
import { propagator } from '../../daemon/tracking/propagator.ts';
import { catalogueNumber, tleChecksum } from '../../daemon/tracking/tle.ts';

const origin = { source: 'test' };
/** The example of https://en.wikipedia.org/wiki/Two-line_element_set */
const name = 'ISS (ZARYA)';
const one = '1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927';
const two = '2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537';

const omm = {
  OBJECT_NAME: 'GOMX-3',
  OBJECT_ID: '1998-067HA',
  EPOCH: '2026-11-20T12:30:15.123456',
  MEAN_MOTION: 15.2,
  ECCENTRICITY: 0.0012,
  INCLINATION: 51.64,
  RA_OF_ASC_NODE: 200.1,
  ARG_OF_PERICENTER: 10,
  MEAN_ANOMALY: 350,
  EPHEMERIS_TYPE: 0,
  NORAD_CAT_ID: 40949,
  BSTAR: 0.0001,
};

test('names and reasons are one printable line, whatever the file has', () => {
  const esc = '\u001b[2J\u202e\u0085';
  const named = (text: string) =>
    parseElements(JSON.stringify({ ...omm, OBJECT_NAME: text }), origin).elements[0]!.name;
  expect(named(`${esc}GOMX\n-3${esc}`)).toBe('[2J GOMX -3 [2J');
  expect(named(`\u001b\n`)).toBe('40949');
  expect(named('x'.repeat(500))).toBe(`${'x'.repeat(59)}…`);
  expect(parseElements(`A\u001b[31mB\n${one}\n${two}`, origin).elements[0]!.name).toBe('A [31mB');
  expect(bad(`A\u001b[31mB\nGOOD\n${one}\n${two}`)).toEqual(["1: no elements behind the name 'A [31mB'"]);
});

function withChecksum(line: string): string {
  return line.slice(0, 68) + tleChecksum(line);
}

function changed(line: string, at: number, text: string): string {
  return withChecksum(line.slice(0, at) + text + line.slice(at + text.length));
}

function bad(text: string): string[] {
  return parseElements(text, origin).bad.map(({ line, reason }) => `${line}: ${reason}`);
}

describe('TLE and 3LE', () => {
  test('all fields', () => {
    const { elements, bad } = parseElements(`0 ${name}\r\n${one}\r\n${two}\r\n`, origin);
    expect(bad).toEqual([]);
    expect(elements).toEqual([
      {
        norad: 25544,
        name,
        epochMs: expect.closeTo(Date.UTC(2008, 8, 20) + 0.51782528 * 86_400_000, 1),
        meanMotionRevPerDay: 15.72125391,
        eccentricity: 0.0006703,
        inclinationDeg: 51.6416,
        raanDeg: 247.4627,
        argumentOfPerigeeDeg: 130.536,
        meanAnomalyDeg: 325.0288,
        bstar: -0.11606e-4,
        source: 'test',
        pinned: false,
      },
    ]);
  });

  test('without a name the number is the name; names stay with their elements', () => {
    const text = [one, two, '', '# a remark', 'SECOND', one, two, '1 KUNS A', one, two].join('\n');
    expect(parseElements(text, origin).elements.map((e) => e.name)).toEqual(['25544', 'SECOND', '1 KUNS A']);
  });

  test.each([
    ['00005', 5],
    ['    5', 5],
    ['A0000', 100000],
    ['E8493', 148493],
    ['H0000', 170000],
    ['J0000', 180000],
    ['N9999', 229999],
    ['P0000', 230000],
    ['Z9999', 339999],
    ['I0000', null],
    ['O0000', null],
    ['a0000', null],
    ['AA000', null],
    ['     ', null],
  ])('Alpha-5 %j is %j', (text, number) => {
    expect(catalogueNumber(text)).toBe(number);
  });

  test('an Alpha-5 number in both lines', () => {
    const { elements, bad } = parseElements([changed(one, 2, 'T0001'), changed(two, 2, 'T0001')].join('\n'), origin);
    expect(bad).toEqual([]);
    expect(elements[0]?.norad).toBe(270001);
  });

  test.each<[string, string[], string[]]>([
    ['checksum of line 1', [`${one.slice(0, 68)}8`, two], ['2: bad checksum: 8 instead of 7']],
    ['checksum of line 2', [one, `${two.slice(0, 68)}0`], ['3: bad checksum: 0 instead of 7']],
    ['truncated', [one, two.slice(0, 60)], ['3: 60 characters instead of 69: truncated']],
    ['nothing behind line 1', [one], ['2: line 1 of elements without line 2: truncated']],
    ['line 2 alone', [two], ['2: line 2 of elements without line 1']],
    ['two satellites', [one, changed(two, 2, '25545')], ['3: line 2 belongs to another catalogue number']],
    ['a number that is none', [changed(one, 2, 'I5544'), two], ["2: 'I5544' is no catalogue number"]],
    ['an epoch that is none', [changed(one, 18, '08400.5'), two], ['2: the epoch is no time']],
    [
      'mean motion 0',
      [one, changed(two, 52, ' 0.00000000')],
      ['3: mean motion 0 revolutions a day: above 0 and up to 18 expected'],
    ],
    [
      'mean motion 18.1',
      [one, changed(two, 52, '18.10000000')],
      ['3: mean motion 18.1 revolutions a day: above 0 and up to 18 expected'],
    ],
    ['inclination', [one, changed(two, 8, '181.0000')], ['3: inclination 181 degrees: 0 to 180 expected']],
    ['perigee', [one, changed(two, 26, '1000000')], ['3: the perigee is 320 km below the surface']],
    ['eccentricity', [one, changed(two, 26, '00x6703')], ['3: eccentricity NaN: 0 to below 1 expected']],
    ['SGP4-XP', [changed(one, 62, '4'), two], ['2: ephemeris type 4 (SGP4-XP) is not known here']],
    ['a name alone', [], ["1: no elements behind the name 'BAD'"]],
  ])('%s: told with its line, the good ones are kept', (_what, lines, expected) => {
    const text = ['BAD', ...lines, 'GOOD', one, two].join('\n');
    expect(bad(text)).toEqual(expected);
    expect(parseElements(text, origin).elements.map((e) => e.name)).toEqual(['GOOD']);
  });
});

describe('OMM', () => {
  test('one object, or an array, numbers also as strings', () => {
    const { elements, bad } = parseElements(JSON.stringify(omm), origin);
    expect(bad).toEqual([]);
    expect(elements).toEqual([
      {
        norad: 40949,
        name: 'GOMX-3',
        epochMs: expect.closeTo(Date.UTC(2026, 10, 20, 12, 30, 15) + 123.456, 3),
        meanMotionRevPerDay: 15.2,
        eccentricity: 0.0012,
        inclinationDeg: 51.64,
        raanDeg: 200.1,
        argumentOfPerigeeDeg: 10,
        meanAnomalyDeg: 350,
        bstar: 0.0001,
        source: 'test',
        pinned: false,
      },
    ]);
    const strings = Object.fromEntries(Object.entries(omm).map(([key, value]) => [key, String(value)]));
    expect(parseElements(JSON.stringify([strings, omm]), origin)).toEqual({
      elements: [elements[0], elements[0]],
      bad: [],
    });
  });

  test('what is written is read again', () => {
    const [elements] = parseElements(JSON.stringify(omm), origin).elements;
    expect(parseElements(JSON.stringify(ommOf(elements!)), origin).elements[0]).toEqual({
      ...elements,
      epochMs: expect.closeTo(elements!.epochMs, 3),
    });
  });

  test('nine digits, a Z, the day of the year', () => {
    const record = { ...omm, NORAD_CAT_ID: '799501234', EPOCH: '2026-324T12:30:15.123456Z' };
    const [elements] = parseElements(JSON.stringify([record]), origin).elements;
    expect(elements?.norad).toBe(799501234);
    expect(elements?.epochMs).toBeCloseTo(Date.UTC(2026, 10, 20, 12, 30, 15) + 123.456, 3);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ ECCENTRICITY: 1 }, 'eccentricity 1: 0 to below 1 expected'],
    [{ ECCENTRICITY: -0.1 }, 'eccentricity -0.1: 0 to below 1 expected'],
    [{ INCLINATION: -1 }, 'inclination -1 degrees: 0 to 180 expected'],
    [{ MEAN_MOTION: 17.5 }, 'the perigee is 119 km below the surface'],
    [{ MEAN_MOTION: 'fast' }, 'MEAN_MOTION "fast": a number expected'],
    [{ MEAN_MOTION: '' }, 'MEAN_MOTION "": a number expected'],
    [{ MEAN_ANOMALY: null }, 'MEAN_ANOMALY is missing'],
    [{ EPOCH: undefined }, 'EPOCH is missing'],
    [{ EPOCH: '2026-02-30T00:00:00' }, 'EPOCH "2026-02-30T00:00:00": no time'],
    [{ EPOCH: '2026-11-20T12:30:15+01:00' }, 'EPOCH "2026-11-20T12:30:15+01:00": no time'],
    [{ NORAD_CAT_ID: 1e9 }, 'catalogue number 1000000000: 1 to 999999999 expected'],
    [{ NORAD_CAT_ID: 1.5 }, 'catalogue number 1.5: 1 to 999999999 expected'],
    [{ REF_FRAME: 'EME2000' }, 'REF_FRAME "EME2000": TEME expected'],
    [{ EPHEMERIS_TYPE: 4 }, 'EPHEMERIS_TYPE 4: 0 or 2 expected'],
  ])('%j: told with its line, the good ones are kept', (change, reason) => {
    const text = JSON.stringify([omm, { ...omm, ...change }, omm], null, 1);
    const line = JSON.stringify([omm], null, 1).split('\n').length;
    expect(bad(text)).toEqual([`${line}: ${reason}`]);
    expect(parseElements(text, origin).elements).toHaveLength(2);
  });

  test('a file that was cut off keeps its whole records', () => {
    const text = JSON.stringify([omm, omm, omm], null, 1).slice(0, -60);
    expect(parseElements(text, origin).elements).toHaveLength(2);
    expect(bad(text)).toEqual([`${2 * (Object.keys(omm).length + 2) + 2}: truncated`]);
  });

  test.each(['{', '[{]}', '[{},{}]', '{"a":"{"}', '[[{"x":1}]]', '{nonsense}'])('%s never throws', (text) => {
    const { elements, bad } = parseElements(text, origin);
    expect(elements).toEqual([]);
    expect(bad.length).toBeGreaterThan(0);
  });
});

describe('lines in JSON, as SatNOGS DB gives them', () => {
  const record = { tle0: `0 ${name}`, tle1: one, tle2: two, tle_source: 'Space-Track.org', norad_cat_id: 25544 };
  const read = (...records: object[]) => parseElements(JSON.stringify(records), origin);

  test('the same elements as from the lines', () => {
    expect(read(record)).toEqual(parseElements([`0 ${name}`, one, two].join('\n'), origin));
  });

  test('the number beside the lines is that of the satellite; a name may be missing', () => {
    expect(read({ ...record, norad_cat_id: 799501234 }).elements[0]).toMatchObject({ norad: 799501234, name });
    expect(read({ ...record, tle0: '', norad_cat_id: 7 }).elements[0]).toMatchObject({ norad: 7, name: '7' });
    expect(read({ ...record, norad_cat_id: null }).elements[0]).toMatchObject({ norad: 25544 });
  });

  test.each<[object, string]>([
    [{ tle1: `${one.slice(0, 68)}8` }, 'bad checksum: 8 instead of 7'],
    [{ tle1: null }, 'line 2 of elements without line 1'],
    [{ tle2: '' }, 'line 1 of elements without line 2: truncated'],
    [{ tle1: 7 }, 'tle0, tle1 and tle2 should be one line of text each'],
    [{ tle2: `${two}\n${two}` }, 'tle0, tle1 and tle2 should be one line of text each'],
    [{ norad_cat_id: 0 }, 'catalogue number 0: 1 to 999999999 expected'],
    [{ norad_cat_id: 'x' }, 'norad_cat_id "x": a number expected'],
  ])('%j: told, the others are kept', (change, reason) => {
    const { elements, bad } = read({ ...record, ...change }, record);
    expect(bad).toEqual([{ line: 1, record: 1, reason }]);
    expect(elements).toHaveLength(1);
  });
});

test('source and pin of a record are believed only where the caller says so', () => {
  const [elements] = parseElements(JSON.stringify(omm), { source: 'https://a.example/', pinned: true }).elements;
  const text = JSON.stringify([markedOmmOf(elements!), omm]);
  const all = (believeMarks: boolean) =>
    parseElements(text, { source: 'file', believeMarks }).elements.map(({ source, pinned }) => [source, pinned]);
  expect(all(true)).toEqual([
    ['https://a.example/', true],
    ['file', false],
  ]);
  expect(all(false)).toEqual([
    ['file', false],
    ['file', false],
  ]);
});

test('damaged text never throws, and never gives an orbit that the checks refuse', () => {
  const texts = [[name, one, two].join('\n'), JSON.stringify([omm, omm], null, 1)];
  const damage = fc.record({
    text: fc.constantFrom(...texts),
    at: fc.nat(400),
    remove: fc.nat(80),
    insert: fc.string({ maxLength: 10, unit: fc.constantFrom(...'{}[]",:\\\n 0129.-eEAIO'.split('')) }),
  });
  fc.assert(
    fc.property(damage, ({ text, at, remove, insert }) => {
      const { elements } = parseElements(text.slice(0, at) + insert + text.slice(at + remove), origin);
      for (const e of elements) {
        expect(impossibility(e)).toBeNull();
        expect(typeof propagator(e)(e.epochMs).failed).toMatch(/boolean|string/);
      }
    }),
    { numRuns: 3000 },
  );
});

test('the newest epoch of a satellite wins, a pinned one always', () => {
  const base = parseElements(JSON.stringify(omm), origin).elements[0]!;
  const at = (days: number, change: Partial<Elements> = {}) => ({ ...base, epochMs: days * 86_400_000, ...change });
  const chosen = (...all: Elements[]) => currentElements(all).get(base.norad);
  expect(chosen(at(1), at(3), at(2))).toEqual(at(3));
  expect(chosen(at(3), at(1, { pinned: true }), at(4))).toEqual(at(1, { pinned: true }));
  expect(chosen(at(5, { pinned: true }), at(1, { pinned: true }))).toEqual(at(5, { pinned: true }));
  expect(chosen(at(1, { source: 'a' }), at(1, { source: 'b' }))?.source).toBe('b');
  expect(currentElements([at(1), at(1, { norad: 7 })]).size).toBe(2);
});
