import type { Problem } from './schema-problems.ts';

/** A document of which anything may be missing: list items keep their places. */
export type Partly<T> = T extends readonly (infer Item)[]
  ? readonly (Partly<Item> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Partly<T[K]> | undefined }
    : T;

/** What is left of a document without the values that its schema does not allow, so that the rest can be checked too. */
export function fittingPart<T>(value: unknown, problems: readonly Problem[]): Partly<T> {
  if (problems.some(({ path }) => path === '')) return {} as Partly<T>;
  const part = structuredClone(value) as Partly<T>;
  for (const { path } of problems) {
    const steps = path.match(/[^.[\]]+/g) ?? [];
    const last = steps.pop()!;
    let holder: unknown = part;
    for (const step of steps) holder = isHolder(holder) && Object.hasOwn(holder, step) ? holder[step] : undefined;
    if (Array.isArray(holder)) holder[Number(last)] = undefined;
    else if (isHolder(holder)) delete holder[last];
  }
  return part;
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
