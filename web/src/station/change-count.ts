/**
 * How many values of the settings differ: keys that were set, changed or removed, items of lists that were added or removed. A list
 * in another order is one.
 */
export function changeCount(before: unknown, after: unknown): number {
  if (Array.isArray(before) && Array.isArray(after)) return itemChanges(before, after);
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].reduce((sum, key) => sum + changeCount(before[key], after[key]), 0);
  }
  return Object.is(before, after) ? 0 : 1;
}

/** Items that are in both count nothing, wherever they stand; what is left is compared in its order. */
function itemChanges(before: readonly unknown[], after: readonly unknown[]): number {
  const added = [...after];
  const gone = before.filter((item) => {
    const at = added.findIndex((other) => changeCount(item, other) === 0);
    if (at >= 0) added.splice(at, 1);
    return at < 0;
  });
  const most = Math.max(gone.length, added.length);
  if (most === 0) return before.some((item, i) => changeCount(item, after[i]) > 0) ? 1 : 0;
  let count = 0;
  for (let i = 0; i < most; i++) count += i in gone && i in added ? changeCount(gone[i], added[i]) : 1;
  return count;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
