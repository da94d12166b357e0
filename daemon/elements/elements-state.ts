import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../core/atomic-file.ts';
import { systemCode } from '../core/error.ts';
import { type Elements, parseElements } from '../tracking/elements.ts';
import { markedOmmOf } from '../tracking/omm.ts';

/** What `downlinkd passes` and `track` read: the one set of elements of each satellite that counts. */
export const elementsPath = (dataFolder: string): string => join(dataFolder, 'elements.json');
export const statePath = (dataFolder: string): string => join(dataFolder, 'elements-state.json');

const VERSION = 1;
const outcomes = ['ok', 'not modified', 'refused', 'failed', 'never'] as const;
export type SourceOutcome = (typeof outcomes)[number];

/** What is kept of one source from run to run. */
export interface SourceState {
  readonly lastAskedMs: number | null;
  /** To leave it alone from then on. */
  readonly waitMs: number;
  /** Answers in a row that were no good. */
  readonly failures: number;
  /** Attempts in a row in which the server was not reached at all. */
  readonly unreached: number;
  readonly outcome: SourceOutcome;
  readonly reason: string | null;
  /** Records of its last answer that can't be used. */
  readonly bad: number;
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly movedTo: string | null;
  readonly elements: readonly Elements[];
}

export const neverAsked: SourceState = {
  lastAskedMs: null,
  waitMs: 0,
  failures: 0,
  unreached: 0,
  outcome: 'never',
  reason: null,
  bad: 0,
  etag: null,
  lastModified: null,
  movedTo: null,
  elements: [],
};

export interface StoredState {
  /** By path or URL; also those that are not in the settings any more. */
  readonly sources: ReadonlyMap<string, SourceState>;
  readonly pasted: readonly Elements[];
  readonly pinned: readonly Elements[];
  /** Digests of what was or was about to be written to elements.json: anything else there is the user's. */
  readonly written: readonly string[];
}

/** The state, `null` when there is none yet, or why it can't be read. */
export function readState(path: string): StoredState | null | { readonly unreadable: string } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    return { unreadable: `can't be read (${systemCode(error)})` };
  }
  try {
    const document = JSON.parse(text) as Record<string, unknown>;
    if (document['version'] !== VERSION) return { unreadable: `has version ${String(document['version'])}` };
    const sources = Object.entries(document['sources'] as Record<string, Record<string, unknown>>);
    return {
      sources: new Map(sources.map(([key, value]) => [key, sourceFrom(value)])),
      pasted: recordsFrom(document['pasted']),
      pinned: recordsFrom(document['pinned']),
      written: (document['written'] as unknown[]).map(String),
    };
  } catch {
    return { unreadable: 'is damaged' };
  }
}

/** @throws the error of the system */
export async function writeState(path: string, state: StoredState): Promise<void> {
  const sources = [...state.sources].map(([key, source]) => [
    key,
    { ...source, elements: source.elements.map(markedOmmOf) },
  ]);
  const { pasted, pinned, written } = state;
  const document = {
    version: VERSION,
    sources: Object.fromEntries(sources),
    pasted: pasted.map(markedOmmOf),
    pinned: pinned.map(markedOmmOf),
    written,
  };
  await replaceFile(path, `${JSON.stringify(document)}\n`);
}

/** Keeps a state that can't be read for a person to look at. */
export async function setAside(path: string): Promise<void> {
  await rename(path, `${path}.unreadable`);
}

/** One OMM record a line. */
export function elementsText(elements: Iterable<Elements>): string {
  const lines = [...elements].sort((a, b) => a.norad - b.norad).map((e) => JSON.stringify(markedOmmOf(e)));
  return `[\n${lines.join(',\n')}\n]\n`;
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function recordsFrom(value: unknown): readonly Elements[] {
  if (!Array.isArray(value)) throw new TypeError('no list');
  return parseElements(JSON.stringify(value), { source: 'unknown', believeMarks: true }).elements;
}

function sourceFrom(value: Readonly<Record<string, unknown>>): SourceState {
  const number = (key: keyof SourceState): number => {
    const found = value[key];
    if (typeof found !== 'number' || !Number.isFinite(found)) throw new TypeError(`${key} is no number`);
    return found;
  };
  const text = (key: keyof SourceState): string | null => (typeof value[key] === 'string' ? value[key] : null);
  const outcome = outcomes.find((known) => known === value['outcome']);
  if (outcome === undefined) throw new TypeError('no outcome');
  return {
    lastAskedMs: value['lastAskedMs'] === null ? null : number('lastAskedMs'),
    waitMs: number('waitMs'),
    failures: number('failures'),
    unreached: number('unreached'),
    outcome,
    reason: text('reason'),
    bad: number('bad'),
    etag: text('etag'),
    lastModified: text('lastModified'),
    movedTo: text('movedTo'),
    elements: recordsFrom(value['elements']),
  };
}
