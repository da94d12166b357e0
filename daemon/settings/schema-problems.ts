import { nearWords } from './near.ts';

/** The part of JSON Schema that the project's schemas use. */
export interface JsonSchema {
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly description?: string;
}

/** One thing that is wrong with a document. */
export interface Problem {
  /** Where: `sdrs[0].gain_db`; empty for the document itself. */
  readonly path: string;
  /** What stands there, as JSON; undefined where nothing does. */
  readonly value: string | undefined;
  readonly expected: string;
}

/** Everything in `value` that does not follow `schema`, in document order. Unknown keys are problems. */
export function schemaProblems(schema: JsonSchema, value: unknown, path = ''): Problem[] {
  if (schema.anyOf) return unionProblems(schema.anyOf, value, path);
  if (!fits(schema, value))
    return [{ path, value: shown(value), expected: tooLong(schema, value) ?? expectation(schema) }];
  if (schema.type === 'array') {
    return (value as unknown[]).flatMap((item, i) => schemaProblems(schema.items ?? {}, item, `${path}[${i}]`));
  }
  return schema.type === 'object' ? objectProblems(schema, value as Record<string, unknown>, path) : [];
}

/** `config/station.yaml: sdrs[0].gain_db: 'loud' should be 'auto' or a number`: one line. */
export function problemLine(file: string, problem: Problem): string {
  const where = problem.path === '' ? file : `${file}: ${problem.path}`;
  return `${where}: ${problemText(problem)}`;
}

/** The same without its place. */
export function problemText({ value, expected }: Problem): string {
  return value === undefined ? expected : `${value} should be ${expected}`;
}

function objectProblems(schema: JsonSchema, value: Record<string, unknown>, path: string): Problem[] {
  const properties = schema.properties ?? {};
  const found: Problem[] = [];
  for (const [key, item] of Object.entries(value)) {
    const inner = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (inner) found.push(...schemaProblems(inner, item, join(path, key)));
    else found.push({ path: join(path, key), value: undefined, expected: unknownKey(key, Object.keys(properties)) });
  }
  for (const key of schema.required ?? []) {
    if (Object.hasOwn(value, key)) continue;
    found.push({
      path: join(path, key),
      value: undefined,
      expected: `missing, expected ${expectation(properties[key] ?? {})}`,
    });
  }
  return found;
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearWords(key, known, 1)[0];
  return near ? `unknown key, did you mean '${near}'?` : `unknown key; known here are ${known.join(', ')}`;
}

/** In a union of objects the tag (the property with a constant in every branch) chooses the branch to complain about. */
function unionProblems(branches: readonly JsonSchema[], value: unknown, path: string): Problem[] {
  const results = branches.map((branch) => schemaProblems(branch, value, path));
  if (results.some((problems) => problems.length === 0)) return [];
  const objects = branches.filter((branch) => branch.type === 'object');
  if (isObject(value) && objects.length > 0) {
    if (objects.length === 1) return schemaProblems(objects[0]!, value, path);
    const tag = Object.keys(objects[0]!.properties ?? {}).find((key) =>
      objects.every((branch) => branch.properties?.[key]?.const !== undefined),
    );
    if (tag !== undefined) {
      const chosen = objects.find((branch) => branch.properties?.[tag]?.const === value[tag]);
      if (chosen) return schemaProblems(chosen, value, path);
      const expected = `one of ${objects.map((branch) => String(branch.properties?.[tag]?.const)).join(', ')}`;
      const given = Object.hasOwn(value, tag);
      return [
        {
          path: join(path, tag),
          value: given ? shown(value[tag]) : undefined,
          expected: given ? expected : `missing, expected ${expected}`,
        },
      ];
    }
  }
  return [{ path, value: shown(value), expected: [...new Set(branches.map(expectation))].join(' or ') }];
}

/** Whether the value itself fits; what is inside an object or array is looked at separately. */
function fits(schema: JsonSchema, value: unknown): boolean {
  if (schema.const !== undefined && value !== schema.const) return false;
  if (schema.enum && !schema.enum.includes(value)) return false;
  switch (schema.type) {
    case 'object':
      return isObject(value);
    case 'array':
      return (
        Array.isArray(value) &&
        value.length >= (schema.minItems ?? 0) &&
        value.length <= (schema.maxItems ?? Number.POSITIVE_INFINITY)
      );
    case 'string':
      return typeof value === 'string' && fitsText(schema, value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'null':
      return value === null;
    case 'integer':
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) && fitsNumber(schema, value);
    default:
      return true;
  }
}

function fitsText(schema: JsonSchema, text: string): boolean {
  if (text.length < (schema.minLength ?? 0) || text.length > (schema.maxLength ?? Number.POSITIVE_INFINITY))
    return false;
  return schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(text);
}

function fitsNumber(schema: JsonSchema, value: number): boolean {
  if (schema.type === 'integer' && !Number.isSafeInteger(value)) return false;
  if (schema.exclusiveMinimum !== undefined && value <= schema.exclusiveMinimum) return false;
  return value >= (schema.minimum ?? Number.NEGATIVE_INFINITY) && value <= (schema.maximum ?? Number.POSITIVE_INFINITY);
}

function expectation(schema: JsonSchema): string {
  if (schema.const !== undefined) return shown(schema.const);
  if (schema.enum) return `one of ${schema.enum.join(', ')}`;
  if (schema.anyOf) return [...new Set(schema.anyOf.map(expectation))].join(' or ');
  const what = schema.description ? ` (${schema.description})` : '';
  switch (schema.type) {
    case 'object':
      return `a group of keys${what}`;
    case 'array':
      return `a list${(schema.minItems ?? 0) > 0 ? ` of at least ${schema.minItems}` : ''}${what}`;
    case 'string':
      return `text${what}`;
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'integer':
      return `a whole number${range(schema)}${what}`;
    case 'number':
      return `a number${range(schema)}${what}`;
    default:
      return `anything${what}`;
  }
}

/** Of a text that is long is told how long it may be; others need not know. */
function tooLong({ maxLength, description }: JsonSchema, value: unknown): string | null {
  if (maxLength === undefined || typeof value !== 'string' || value.length <= maxLength) return null;
  const what = description ? ` (${description})` : '';
  return `text of at most ${maxLength} characters, not ${value.length}${what}`;
}

function range(schema: JsonSchema): string {
  const { minimum, maximum, exclusiveMinimum } = schema;
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (exclusiveMinimum !== undefined)
    return ` above ${exclusiveMinimum}${maximum !== undefined ? ` up to ${maximum}` : ''}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum !== undefined ? ` up to ${maximum}` : '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

/** A value as one short piece of a line. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value));
  const printable = text.replace(/[\p{Cc}\p{Cf}]/gu, '?');
  return printable.length > 60 ? `${printable.slice(0, 57)}...` : printable;
}
