/** The part of JSON Schema that the settings use. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
}

export type Group = Readonly<Record<string, unknown>>;

/** What a field of the form is made for. */
export type Shape =
  | { readonly kind: 'object' | 'array' | 'boolean' | 'enum' | 'scalar'; readonly schema: Schema }
  /** One of several groups, told apart by the value of a key. */
  | { readonly kind: 'tagged'; readonly tag: string; readonly branches: ReadonlyMap<string, Schema> }
  /** A plain value, or a group. */
  | { readonly kind: 'either'; readonly plain: readonly Schema[]; readonly group: Schema };

export function shapeOf(schema: Schema): Shape {
  const branches = flat(schema);
  if (branches.length === 1) {
    const only = branches[0]!;
    if (only.enum) return { kind: 'enum', schema: only };
    if (only.type === 'object' || only.type === 'array' || only.type === 'boolean')
      return { kind: only.type, schema: only };
    return { kind: 'scalar', schema: only };
  }
  const groups = branches.filter(({ type }) => type === 'object');
  const plain = branches.filter(({ type }) => type !== 'object');
  if (plain.length === 0) {
    const tag = Object.keys(groups[0]?.properties ?? {}).find((key) =>
      groups.every(({ properties }) => properties?.[key]?.const !== undefined),
    );
    if (tag !== undefined)
      return {
        kind: 'tagged',
        tag,
        branches: new Map(groups.map((group) => [String(group.properties![tag]!.const), group])),
      };
  }
  if (groups.length > 0) return { kind: 'either', plain, group: groups[0]! };
  return { kind: 'scalar', schema };
}

/** Unions of unions as one. */
export function flat(schema: Schema): readonly Schema[] {
  return schema.anyOf ? schema.anyOf.flatMap(flat) : [schema];
}

/** What a key or an item begins with when it is added. */
export function firstValue(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  const shape = shapeOf(schema);
  switch (shape.kind) {
    case 'tagged':
      return firstValue([...shape.branches.values()][0]!);
    case 'either':
      // `kiss: false` is what nobody adds the key for.
      return shape.plain[0]?.const === false ? firstValue(shape.group) : firstValue(shape.plain[0]!);
    case 'enum':
      return shape.schema.enum![0];
    case 'boolean':
      return true;
    case 'array':
      return Array.from({ length: shape.schema.minItems ?? 0 }, () => firstValue(shape.schema.items ?? {}));
    case 'object':
      return Object.fromEntries(
        (shape.schema.required ?? []).map((key) => [key, firstValue(shape.schema.properties?.[key] ?? {})]),
      );
    case 'scalar': {
      const first = flat(shape.schema)[0]!;
      if (first.const !== undefined) return first.const;
      if (first.type !== 'number' && first.type !== 'integer') return '';
      return Math.min(first.maximum ?? 0, Math.max(first.minimum ?? 0, 0));
    }
  }
}

/** The group as another branch has it: what both have stays. @param tag key that tells branches apart */
export function asBranch(value: Group, tag: string, branch: Schema): Group {
  const kept = Object.entries(value).filter(([key]) => key !== tag && Object.hasOwn(branch.properties ?? {}, key));
  return { ...(firstValue(branch) as Group), ...Object.fromEntries(kept) };
}

/** A text that was typed, as the schema has it: a number where one is allowed. */
export function typed(text: string, schema: Schema): unknown {
  const branches = flat(schema);
  const numeric = branches.some(({ type }) => type === 'number' || type === 'integer');
  if (numeric && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim())) return Number(text);
  return text;
}

export function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isSecret(key: string): boolean {
  return /(^|_)(token|secret|password)$/.test(key);
}

const units: Readonly<Record<string, string>> = {
  hz: 'Hz',
  deg_s: '°/s',
  deg: '°',
  db: 'dB',
  gb: 'GB',
  mb: 'MB',
  ppm: 'ppm',
  days: 'days',
  m: 'm',
  s: 's',
};
const abbreviations: Readonly<Record<string, string>> = {
  af: 'AF',
  api: 'API',
  fm: 'FM',
  rs: 'RS',
  kiss: 'KISS',
  sdrs: 'SDRs',
  sdr: 'SDR',
  url: 'URL',
};

/** `min_elevation_deg` as words with its unit. */
export function wordsOf(key: string): string {
  const unit = Object.keys(units).find((one) => key.endsWith(`_${one}`));
  const name = unit === undefined ? key : key.slice(0, -unit.length - 1);
  const words = name.split('_').map((word) => abbreviations[word] ?? word);
  const text = words.join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1) + (unit === undefined ? '' : ` (${units[unit]})`);
}

/** What an item is called: its own name, where it has one. */
export function nameOf(value: unknown): string | null {
  if (!isGroup(value)) return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  const name = value['id'] ?? value['satellite'] ?? value['driver'] ?? value['type'];
  return typeof name === 'string' || typeof name === 'number' ? String(name) : null;
}
