import { readOmm } from './omm.ts';
import { printable } from './printable.ts';
import { readTle } from './tle.ts';

/** Mean elements of one orbit as SGP4 takes them (frame TEME, times UTC). */
export interface Elements {
  /** Catalogue number, 1 to 999999999. */
  readonly norad: number;
  /** One printable line. */
  readonly name: string;
  /** Milliseconds since 1970, UTC, with their fraction. */
  readonly epochMs: number;
  readonly meanMotionRevPerDay: number;
  readonly eccentricity: number;
  readonly inclinationDeg: number;
  readonly raanDeg: number;
  readonly argumentOfPerigeeDeg: number;
  readonly meanAnomalyDeg: number;
  /** Drag, 1 / Earth radii. */
  readonly bstar: number;
  /** Where they came from, for people: a file, a server. */
  readonly source: string;
  /** Chosen by the user: beats newer ones that are not. */
  readonly pinned: boolean;
}

/** One record that can't be used. */
export interface BadElements {
  /** Line of the text on which the record, or what is wrong with it, stands; from 1. */
  readonly line: number;
  /** Which record of a JSON text it is, from 1: many may stand on one line. */
  readonly record?: number;
  readonly reason: string;
}

export interface ParsedElements {
  readonly elements: readonly Elements[];
  readonly bad: readonly BadElements[];
}

export interface ElementsOrigin {
  readonly source: string;
  readonly pinned?: boolean;
  /** Believes the source and pin that records of our own writing carry. Only for files of the user's: a server could pin. */
  readonly believeMarks?: boolean;
}

/** Names of CelesTrak have up to 24 characters. */
const MOST_NAME = 60;
const MOST_REASON = 200;

/** What the readers of the formats find, before where it came from is added. */
export type Orbit = Omit<Elements, 'source' | 'pinned'>;

/** An orbit, and what its record says of where it came from. */
export interface MarkedOrbit {
  readonly orbit: Orbit;
  readonly marks?: Partial<Pick<Elements, 'source' | 'pinned'>>;
}

/**
 * Reads OMM as JSON (one object or an array of them), TLE (two lines a satellite), 3LE (with a line of the name before
 * them) or the three lines in JSON objects, as SatNOGS DB gives them. Never throws: what can't be used is told in `bad`,
 * the rest is kept.
 */
export function parseElements(text: string, origin: ElementsOrigin): ParsedElements {
  const { source, pinned = false, believeMarks = false } = origin;
  const plain = text.replace(/^\uFEFF/, '');
  const { found, bad } = /^\s*[[{]/.test(plain) ? readOmm(plain) : unmarked(readTle(plain));
  return {
    elements: found.map(({ orbit, marks }) => {
      const name = printable(orbit.name, MOST_NAME) || String(orbit.norad);
      return { ...orbit, name, source, pinned, ...(believeMarks && marks) };
    }),
    bad: bad.map((one) => ({ ...one, reason: printable(one.reason, MOST_REASON) })),
  };
}

function unmarked({ orbits, bad }: ReturnType<typeof readTle>): { found: MarkedOrbit[]; bad: BadElements[] } {
  return { found: orbits.map((orbit) => ({ orbit })), bad };
}

/** Where a bad record stands, and what is wrong, in one line. */
export function badLine({ line, record, reason }: BadElements): string {
  return `${record === undefined ? '' : `record ${record}, `}line ${line}: ${reason}`;
}

/** One entry per catalogue number: the newest epoch, of pinned ones if there are any; of equals the later in the list. */
export function currentElements(all: Iterable<Elements>): Map<number, Elements> {
  const current = new Map<number, Elements>();
  for (const next of all) {
    const held = current.get(next.norad);
    const replaces = held === undefined || (held.pinned === next.pinned ? next.epochMs >= held.epochMs : next.pinned);
    if (replaces) current.set(next.norad, next);
  }
  return current;
}
