import { currentElements, type Elements } from '../tracking/elements.ts';
import { markedOmmOf } from '../tracking/omm.ts';

/** Elements for a launch are published some days ahead. */
const AHEAD_MS = 7 * 86_400_000;

/**
 * The elements of each satellite that count: pinned ones, else those of the newest epoch. An epoch more than a week ahead of
 * the clock is believed only where there is nothing else: one wrong year would win for ever. A clock that is not set puts
 * all of them ahead, and the newest wins again.
 */
export function chooseElements(all: readonly Elements[], wallMs: number): Map<number, Elements> {
  const ahead = (e: Elements) => !e.pinned && e.epochMs > wallMs + AHEAD_MS;
  const chosen = currentElements(all.filter(ahead));
  for (const [norad, elements] of currentElements(all.filter((e) => !ahead(e)))) chosen.set(norad, elements);
  return chosen;
}

/** Satellites whose elements differ. */
export function changedElements(
  before: ReadonlyMap<number, Elements>,
  after: ReadonlyMap<number, Elements>,
): ReadonlySet<number> {
  const same = (norad: number) => sameRecord(before.get(norad), after.get(norad));
  return new Set([...before.keys(), ...after.keys()].filter((norad) => !same(norad)));
}

/** Whether they are written alike: an epoch loses less than 1 µs on its way to the disk and back. */
export function sameRecord(a: Elements | undefined, b: Elements | undefined): boolean {
  if (a === b || a === undefined || b === undefined) return a === b;
  return JSON.stringify(markedOmmOf(a)) === JSON.stringify(markedOmmOf(b));
}
