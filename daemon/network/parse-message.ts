import { type NetworkFrame, stationToken, subjectOf } from './message.ts';

/** Longest texts that are believed; the numbers of a frame are finite by JSON itself. */
const longestText = 300;
const longestFrameHex = 65_536;

const clocks = ['synchronised', 'unsynchronised', 'restamped', 'recording', 'unknown'];

type Check = (value: unknown) => boolean;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
// PostgreSQL keeps no NUL in a text, and the other control characters are nobody's name.
const text: Check = (value) =>
  typeof value === 'string' && value.length <= longestText && value.isWellFormed() && !/\p{Cc}/u.test(value);
const number: Check = (value) => typeof value === 'number' && Math.abs(value) < 1e15;
const within =
  (lowest: number, highest: number): Check =>
  (value) =>
    typeof value === 'number' && value >= lowest && value <= highest;
const whole =
  (lowest: number, highest: number): Check =>
  (value) =>
    Number.isInteger(value) && within(lowest, highest)(value);
const matching =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const time: Check = (value) =>
  matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)(value) && !Number.isNaN(Date.parse(value as string));
const hex: Check = (value) =>
  typeof value === 'string' && value.length <= longestFrameHex && /^(?:[0-9a-f]{2})+$/.test(value);

const ofFrame: Readonly<Record<string, Check>> = {
  id: matching(/^[0-9a-f]{32}$/),
  ledger: matching(/^[\w-]{1,64}$/),
  seq: whole(1, Number.MAX_SAFE_INTEGER),
  time: orNull(time),
  frame: hex,
  satellite: orNull(text),
  norad: orNull(whole(1, 999_999_999)),
  transmitter: orNull(text),
  mode: text,
  snr_db: orNull(number),
  offset_hz: orNull(number),
  clock: (value) => clocks.includes(value as string),
  simulated: (value) => typeof value === 'boolean',
  integrity: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

const ofStation: Readonly<Record<string, Check>> = {
  callsign: orNull(text),
  name: orNull(text),
  latitude: orNull(within(-90, 90)),
  longitude: orNull(within(-180, 180)),
  altitude_m: orNull(within(-1000, 100_000)),
};

/** Bytes come from anybody who may publish: a frame, or in plain words what is wrong with them. */
export function parseMessage(subject: string, data: Uint8Array): NetworkFrame | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch {
    return { problem: 'it is not JSON' };
  }
  const problem =
    problemOf(value, ofFrame) ?? problemOf((value as { station?: unknown }).station, ofStation, 'station.');
  if (problem !== null) return { problem };
  const frame = value as NetworkFrame;
  // The servers check who publishes to which subject; the subject then tells who it was.
  if (subject !== subjectOf(frame.norad, frame.station))
    return { problem: `it says ${subjectOf(frame.norad, frame.station)}, and came as ${subject}` };
  return frame;
}

function problemOf(value: unknown, checks: Readonly<Record<string, Check>>, path = ''): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `${path === '' ? 'it' : path.slice(0, -1)} is not an object`;
  for (const [key, check] of Object.entries(checks)) {
    const found = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
    if (!check(found)) return `${path}${key} is ${shown(found)}`;
  }
  return null;
}

function shown(value: unknown): string {
  const json = value === undefined ? 'missing' : JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}

/** The word that names the station in subjects and tables. */
export const stationOf = ({ station }: NetworkFrame): string => stationToken(station);
