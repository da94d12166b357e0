type CamelKey<K extends string> = K extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelKey<Tail>>}` : K;

/** The same data with camelCase keys, all the way down. */
export type CamelCase<T> = T extends readonly (infer Item)[]
  ? CamelCase<Item>[]
  : T extends object
    ? { [K in keyof T as K extends string ? CamelKey<K> : never]: CamelCase<T[K]> }
    : T;

/** Plain YAML data (snake_case keys) with the keys of TypeScript. */
export function camelCase<T>(value: T): CamelCase<T> {
  if (Array.isArray(value)) return value.map((item) => camelCase(item)) as CamelCase<T>;
  if (typeof value !== 'object' || value === null) return value as CamelCase<T>;
  const entries = Object.entries(value).map(([key, item]) => [
    key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    camelCase(item),
  ]);
  return Object.fromEntries(entries) as CamelCase<T>;
}
