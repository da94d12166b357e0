import type { BadElements, Orbit } from './elements.ts';
import { impossibility } from './orbit-check.ts';

const LINE_LENGTH = 69;
/** Two-digit years from here on belong to the twentieth century. */
const FIRST_YEAR = 57;

/** Looks like line 1 or 2 of elements rather than like a name. */
const elementLine = /^([12]) [ \dA-Z][ \d]{3}\d/;

interface Line {
  readonly text: string;
  readonly number: number;
}

/** Reads TLE and 3LE text. The columns are those of https://celestrak.org/columns/v04n03/; blank lines and # lines are left out. */
export function readTle(text: string): { orbits: Orbit[]; bad: BadElements[] } {
  const orbits: Orbit[] = [];
  const bad: BadElements[] = [];
  const lines = text
    .split(/\r\n|\n|\r/)
    .map((line, i): Line => ({ text: line.trimEnd(), number: i + 1 }))
    .filter((line) => line.text !== '' && !line.text.startsWith('#'));
  let name: Line | null = null;
  const unused = (line: Line | null) => {
    if (line) bad.push({ line: line.number, reason: `no elements behind the name '${line.text.slice(0, 40)}'` });
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const kind = elementLine.exec(line.text)?.[1];
    if (kind === undefined) {
      unused(name);
      name = line;
      continue;
    }
    const next = lines[i + 1];
    if (kind === '2') bad.push({ line: line.number, reason: 'line 2 of elements without line 1' });
    else if (next === undefined || elementLine.exec(next.text)?.[1] !== '2')
      bad.push({ line: line.number, reason: 'line 1 of elements without line 2: truncated' });
    else {
      const read = readPair(name?.text, line, next);
      if ('reason' in read) bad.push(read);
      else orbits.push(read);
      i++;
    }
    name = null;
  }
  unused(name);
  return { orbits, bad };
}

function readPair(nameLine: string | undefined, one: Line, two: Line): Orbit | BadElements {
  for (const line of [one, two]) {
    const reason = lineFault(line.text);
    if (reason !== null) return { line: line.number, reason };
  }
  const norad = catalogueNumber(one.text.slice(2, 7));
  if (norad === null) return { line: one.number, reason: `'${one.text.slice(2, 7)}' is no catalogue number` };
  if (norad !== catalogueNumber(two.text.slice(2, 7)))
    return { line: two.number, reason: 'line 2 belongs to another catalogue number' };
  if (one.text[62] === '4') return { line: one.number, reason: 'ephemeris type 4 (SGP4-XP) is not known here' };
  const orbit: Orbit = {
    norad,
    name: nameLine?.replace(/^0 /, '').trim() || String(norad),
    epochMs: epoch(one.text.slice(18, 32)),
    meanMotionRevPerDay: decimal(two.text.slice(52, 63)),
    eccentricity: /^[\d ]{7}$/.test(two.text.slice(26, 33))
      ? Number(`0.${two.text.slice(26, 33).replaceAll(' ', '0')}`)
      : Number.NaN,
    inclinationDeg: decimal(two.text.slice(8, 16)),
    raanDeg: decimal(two.text.slice(17, 25)),
    argumentOfPerigeeDeg: decimal(two.text.slice(34, 42)),
    meanAnomalyDeg: decimal(two.text.slice(43, 51)),
    bstar: exponential(one.text.slice(53, 61)),
  };
  const reason = impossibility(orbit);
  const atFault = Number.isFinite(orbit.epochMs) && Number.isFinite(orbit.bstar) ? two : one;
  return reason === null ? orbit : { line: atFault.number, reason };
}

function lineFault(line: string): string | null {
  if (line.length < LINE_LENGTH) return `${line.length} characters instead of ${LINE_LENGTH}: truncated`;
  if (line.length > LINE_LENGTH) return `${line.length} characters instead of ${LINE_LENGTH}`;
  const sum = tleChecksum(line);
  return line[68] === String(sum) ? null : `bad checksum: ${line[68]} instead of ${sum}`;
}

/** Sum of the digits of the first 68 characters, a minus counting one, modulo 10. */
export function tleChecksum(line: string): number {
  let sum = 0;
  for (const c of line.slice(0, LINE_LENGTH - 1)) {
    if (c >= '0' && c <= '9') sum += Number(c);
    else if (c === '-') sum += 1;
  }
  return sum % 10;
}

/** Alpha-5: the first of five characters may be a letter, A = 10 … Z = 33, without I and O. Null when it is none. */
export function catalogueNumber(text: string): number | null {
  if (/^ *\d+$/.test(text)) return Number(text);
  if (!/^[A-HJ-NP-Z]\d{4}$/.test(text)) return null;
  return ('ABCDEFGHJKLMNPQRSTUVWXYZ'.indexOf(text[0]!) + 10) * 10_000 + Number(text.slice(1));
}

/** `26330.51782528`: two digits of the year, day of the year from 1 and its fraction. */
function epoch(text: string): number {
  const match = /^(\d\d)([ \d]{3}\.\d*) *$/.exec(text);
  if (!match) return Number.NaN;
  const year = Number(match[1]) + (Number(match[1]) < FIRST_YEAR ? 2000 : 1900);
  const day = decimal(match[2]!);
  return day >= 1 && day < 367 ? Date.UTC(year, 0, 1) + (day - 1) * 86_400_000 : Number.NaN;
}

function decimal(text: string): number {
  return /^ *\d*\.?\d+ *$/.test(text) ? Number(text) : Number.NaN;
}

/** ` 36258-4` is 0.36258e-4. */
function exponential(text: string): number {
  const match = /^([ +-])(\d{5})([ +-]\d)$/.exec(text);
  if (!match) return text.trim() === '' ? 0 : Number.NaN;
  return Number(`${match[1]!.trim()}0.${match[2]}e${match[3]!.trim()}`);
}
