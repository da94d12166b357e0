import type { BadElements, Elements, MarkedOrbit, Orbit } from './elements.ts';
import { impossibility } from './orbit-check.ts';
import { printable } from './printable.ts';
import { readTle } from './tle.ts';

/** What the elements must be for, where a record says it at all (CCSDS 502.0-B-3, table 4-2 and 4-3). */
const fixed = {
  CENTER_NAME: ['EARTH'],
  REF_FRAME: ['TEME'],
  TIME_SYSTEM: ['UTC'],
  MEAN_ELEMENT_THEORY: ['SGP4', 'SGP/SGP4', 'SGP'],
  EPHEMERIS_TYPE: ['0', '2'],
} as const;

const numbers = {
  meanMotionRevPerDay: 'MEAN_MOTION',
  eccentricity: 'ECCENTRICITY',
  inclinationDeg: 'INCLINATION',
  raanDeg: 'RA_OF_ASC_NODE',
  argumentOfPerigeeDeg: 'ARG_OF_PERICENTER',
  meanAnomalyDeg: 'MEAN_ANOMALY',
  bstar: 'BSTAR',
} as const satisfies Partial<Record<keyof Orbit, string>>;

/** User-defined parameters (CCSDS 502.0-B-3, table 4-3) that say where a record came from, and that the user pinned it. */
const marks = { source: 'USER_DEFINED_SOURCE', pinned: 'USER_DEFINED_PINNED' } as const;

/**
 * Reads OMM as JSON: an object or an array of objects, numbers also as strings, as CelesTrak and Space-Track write them.
 * Objects with `tle1` and `tle2` are read as the TLE in them.
 */
export function readOmm(text: string): { found: MarkedOrbit[]; bad: BadElements[] } {
  const found: MarkedOrbit[] = [];
  const bad: BadElements[] = [];
  for (const [i, piece] of topObjects(text).entries()) {
    try {
      const record = (piece.whole ? JSON.parse(piece.text) : null) as Record<string, unknown>;
      const orbit = record['tle1'] === undefined ? orbitOf(record) : orbitOfLines(record);
      found.push({ orbit, marks: marksOf(record) });
    } catch (error) {
      const reason = error instanceof Unusable ? error.message : 'no JSON';
      bad.push({ line: piece.line, record: i + 1, reason: piece.whole ? reason : 'truncated' });
    }
  }
  return { found, bad };
}

/** The elements as an OMM record, which `readOmm` reads. */
export function ommOf(elements: Orbit | Elements): Record<string, string | number> & { OBJECT_NAME: string } {
  const { epochMs } = elements;
  const wholeMs = Math.floor(epochMs);
  const micros = String(Math.min(999, Math.round((epochMs - wholeMs) * 1000))).padStart(3, '0');
  return {
    OBJECT_NAME: elements.name,
    NORAD_CAT_ID: elements.norad,
    EPOCH: new Date(wholeMs).toISOString().replace('Z', micros),
    ...Object.fromEntries(
      Object.entries(numbers).map(([key, field]) => [field, elements[key as keyof typeof numbers]]),
    ),
  };
}

/** `ommOf` with the source and the pin, which `parseElements` can be told to believe. */
export function markedOmmOf(elements: Elements): Record<string, string | number> {
  const { source, pinned } = elements;
  return { ...ommOf(elements), [marks.source]: source, ...(pinned && { [marks.pinned]: 'true' }) };
}

function marksOf(record: Readonly<Record<string, unknown>>): NonNullable<MarkedOrbit['marks']> {
  const source = record[marks.source];
  return {
    ...(typeof source === 'string' && source !== '' && { source: printable(source, MOST_SOURCE) }),
    ...(record[marks.pinned] === 'true' && { pinned: true }),
  };
}

/** A path or an address. */
const MOST_SOURCE = 1000;

class Unusable extends Error {}

/**
 * `{tle0, tle1, tle2, norad_cat_id, …}` of https://db.satnogs.org/api/tle/. The number beside the lines is the satellite's:
 * nine digits have no place in the lines.
 */
function orbitOfLines(record: Readonly<Record<string, unknown>>): Orbit {
  const lines = ['tle0', 'tle1', 'tle2'].map((field) => record[field] ?? '');
  if (!lines.every((line) => typeof line === 'string' && !/[\r\n]/.test(line)))
    throw new Unusable('tle0, tle1 and tle2 should be one line of text each');
  const { orbits, bad } = readTle(lines.join('\n'));
  const [read] = orbits;
  if (read === undefined) throw new Unusable(bad[0]?.reason ?? 'no elements');
  if (record['norad_cat_id'] === undefined || record['norad_cat_id'] === null) return read;
  const norad = numberAt(record, 'norad_cat_id');
  const orbit = { ...read, norad, name: read.name === String(read.norad) ? String(norad) : read.name };
  const reason = impossibility(orbit);
  if (reason !== null) throw new Unusable(reason);
  return orbit;
}

function orbitOf(record: Readonly<Record<string, unknown>>): Orbit {
  for (const [field, allowed] of Object.entries(fixed)) {
    const value = record[field];
    if (value !== undefined && value !== null && !(allowed as readonly string[]).includes(String(value).toUpperCase()))
      throw new Unusable(`${field} ${said(value)}: ${allowed.join(' or ')} expected`);
  }
  const norad = numberAt(record, 'NORAD_CAT_ID');
  const read = Object.entries(numbers).map(([key, field]) => [key, numberAt(record, field)]);
  const name = record['OBJECT_NAME'];
  const orbit: Orbit = {
    ...(Object.fromEntries(read) as Record<keyof typeof numbers, number>),
    norad,
    name: typeof name === 'string' && name.trim() !== '' ? name.trim() : String(norad),
    epochMs: ommEpoch(record['EPOCH']),
  };
  const reason = impossibility(orbit);
  if (reason !== null) throw new Unusable(reason);
  return orbit;
}

function numberAt(record: Readonly<Record<string, unknown>>, field: string): number {
  const value = record[field];
  if (value === undefined || value === null) throw new Unusable(`${field} is missing`);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number))
    throw new Unusable(`${field} ${said(value)}: a number expected`);
  return number;
}

/** `2026-11-26T04:00:00.123456` or with the day of the year, `2026-330T…`; UTC with or without Z. */
function ommEpoch(value: unknown): number {
  const match = /^(\d{4})-(?:(\d\d)-(\d\d)|(\d{3}))T(\d\d):(\d\d):(\d\d)(\.\d*)?Z?$/.exec(String(value).trim());
  if (!match) throw new Unusable(value === undefined ? 'EPOCH is missing' : `EPOCH ${said(value)}: no time`);
  const [year, month, day, ordinal, hour, minute, second] = match.slice(1, 8).map((part) => Number(part ?? 0));
  const date = ordinal ? Date.UTC(year!, 0, ordinal) : Date.UTC(year!, month! - 1, day);
  const valid = ordinal
    ? ordinal <= 366
    : new Date(date).toISOString().slice(0, 10) === String(value).trim().slice(0, 10);
  if (!valid || hour! > 23 || minute! > 59 || second! > 60) throw new Unusable(`EPOCH ${said(value)}: no time`);
  return date + ((hour! * 60 + minute!) * 60 + second!) * 1000 + Number(`0${match[8] ?? ''}`) * 1000;
}

function said(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 40);
}

interface Piece {
  readonly text: string;
  readonly line: number;
  /** False at the end of a text that was cut off. */
  readonly whole: boolean;
}

/** The objects on the highest level, each on its own, so that one bad record doesn't cost the others. */
function topObjects(text: string): Piece[] {
  const pieces: Piece[] = [];
  let line = 1;
  let depth = 0;
  let start = 0;
  let startLine = 1;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\n') line++;
    if (inString) {
      if (c === '\\') i++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{') {
      if (depth++ === 0) {
        start = i;
        startLine = line;
      }
    } else if (c === '}' && depth > 0 && --depth === 0)
      pieces.push({ text: text.slice(start, i + 1), line: startLine, whole: true });
  }
  if (depth > 0) pieces.push({ text: text.slice(start), line: startLine, whole: false });
  return pieces;
}
