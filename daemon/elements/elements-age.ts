import type { Elements } from '../tracking/elements.ts';
import { failureReason, propagator } from '../tracking/propagator.ts';

const DAY_MS = 86_400_000;
/** Mean elements of a low orbit are off by kilometres more each day, along the track: in two weeks by seconds. */
export const STALE_DAYS = 14;

/** How far predictions made from elements can be trusted at a time. */
export interface ElementsAge {
  /** Days since their epoch; negative when the time lies before it. */
  readonly ageDays: number;
  readonly state: 'fresh' | 'stale' | 'decayed' | 'no orbit';
}

/** @param timeMs what they are used for, such as the middle of a pass; milliseconds since 1970, UTC */
export function elementsAge(elements: Elements, timeMs: number): ElementsAge {
  const ageDays = (timeMs - elements.epochMs) / DAY_MS;
  const { failed } = propagator(elements)(timeMs);
  if (failed !== false) return { ageDays, state: failed };
  return { ageDays, state: Math.abs(ageDays) > STALE_DAYS ? 'stale' : 'fresh' };
}

/** One sentence for a pass made from these elements, or null when there is nothing to say. */
export function elementsAgeNote(elements: Elements, timeMs: number): string | null {
  const { ageDays, state } = elementsAge(elements, timeMs);
  const epoch = new Date(elements.epochMs).toISOString().slice(0, 10);
  const days = Math.floor(Math.abs(ageDays));
  const away = ageDays >= 0 ? `${days} days old` : `from ${days} days later`;
  switch (state) {
    case 'fresh':
      return null;
    case 'stale':
      return `the elements are ${away} (${epoch}): times and Doppler shift may be off`;
    default:
      return failureReason(elements, state);
  }
}
