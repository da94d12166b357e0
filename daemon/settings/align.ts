import { isDeepStrictEqual } from 'node:util';

/**
 * For every item of a list, the index of the item of the older list that it is: the same, or else with the same name (`id` or
 * `satellite`), or else that of the same place or what is left; null for one that is new.
 */
export function alignItems(older: readonly unknown[], newer: readonly unknown[]): (number | null)[] {
  const free = new Set(older.keys());
  const found: (number | null)[] = newer.map(() => null);
  const take = (fits: (item: unknown, place: number, i: number) => boolean) => {
    for (const [place, item] of newer.entries()) {
      if (found[place] !== null) continue;
      const hit = [...free].find((i) => fits(item, place, i));
      if (hit === undefined) continue;
      found[place] = hit;
      free.delete(hit);
    }
  };
  take((item, _, i) => isDeepStrictEqual(item, older[i]));
  take((item, _, i) => nameOf(item) !== null && nameOf(item) === nameOf(older[i]));
  take((item, place, i) => i === place && nameOf(item) === null && nameOf(older[i]) === null);
  // One that was renamed.
  if (older.length === newer.length) take(() => true);
  return found;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(item: unknown): string | null {
  if (!isRecord(item)) return typeof item === 'string' || typeof item === 'number' ? String(item) : null;
  const name = item['id'] ?? item['satellite'];
  return typeof name === 'string' || typeof name === 'number' ? String(name) : null;
}
