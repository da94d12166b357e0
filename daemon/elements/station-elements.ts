import { readFileSync } from 'node:fs';
import { diskReason } from '../core/disk-reason.ts';
import { StationError, systemCode } from '../core/error.ts';
import type { Settings } from '../settings/settings.ts';
import { type Elements, type ParsedElements, parseElements } from '../tracking/elements.ts';
import { chooseElements } from './element-choice.ts';
import { elementsPath } from './elements-state.ts';

/** A file of orbital elements as it was read. */
export interface ElementsFile {
  readonly file: string;
  /** Where `downlinkd run` keeps what it had; made by it. */
  readonly kept: boolean;
  readonly parsed: ParsedElements;
  /** Why it can't be read; null when it was. */
  readonly trouble: string | null;
  readonly missing: boolean;
}

/** What a station has of elements without asking a server: the files of its settings and what `run` keeps in the data folder. */
export function stationElementFiles({ elementSources, dataFolder }: Settings): ElementsFile[] {
  const files = elementSources.filter((source) => !/^https?:/.test(source));
  const kept = elementsPath(dataFolder);
  return [...files.filter((file) => file !== kept).map((file) => readElementsFile(file)), readElementsFile(kept, true)];
}

/** @param kept its records may say where they came from and that they are pinned */
export function readElementsFile(file: string, kept = false): ElementsFile {
  try {
    const parsed = parseElements(readFileSync(file, 'utf8'), { source: file, believeMarks: kept });
    return { file, kept, parsed, trouble: null, missing: false };
  } catch (error) {
    const missing = systemCode(error) === 'ENOENT';
    const trouble = missing ? 'no such file' : `can't be read: ${diskReason(error)}`;
    return { file, kept, parsed: { elements: [], bad: [] }, trouble, missing };
  }
}

/** The elements that count, chosen as `run` does. */
export function chosenElements(files: readonly ElementsFile[], wallMs: number): ReadonlyMap<number, Elements> {
  return chooseElements(
    files.flatMap(({ parsed }) => parsed.elements),
    wallMs,
  );
}

/** No file has any: what to do. */
export function noStationElements({ dataFolder, track, file }: Settings): StationError {
  const first = track.length === 0 ? `name satellites under 'track' in ${file}, ` : '';
  return new StationError(
    'ELEMENTS_MISSING',
    `no orbital elements yet: ${first}start 'downlinkd run', which keeps them in ${elementsPath(dataFolder)}, or give a file with --elements FILE`,
  );
}
