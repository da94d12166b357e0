import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findProject } from '../../daemon/core/project.ts';
import { schemaProblems } from '../../daemon/settings/schema-problems.ts';
import { secretsIn } from '../../daemon/settings/secrets.ts';
import { asBranch, firstValue, isSecret, type Schema, shapeOf, typed } from '../../web/src/station/form/schema.ts';

const schema = JSON.parse(
  readFileSync(join(findProject().folder, 'config', 'schema', 'station.schema.json'), 'utf8'),
) as Schema;

/** Every schema within, with the key that leads to it. */
function everySchema(from: Schema, key = ''): { key: string; schema: Schema }[] {
  return [
    { key, schema: from },
    ...Object.entries(from.properties ?? {}).flatMap(([name, inner]) => everySchema(inner, name)),
    ...(from.items ? everySchema(from.items, key) : []),
    ...(from.anyOf ?? []).flatMap((inner) => everySchema(inner, key)),
  ];
}

test('what is added to the form is of the right kind, whatever it is', () => {
  // Texts begin empty, and numbers at their least: the operator is told what is expected there.
  for (const { key, schema: one } of everySchema(schema)) {
    const kinds = schemaProblems(one, firstValue(one)).filter(({ value }) => value !== "''" && value !== '0');
    expect(kinds, key).toEqual([]);
  }
});

test('receivers and collectors are told apart by their tags, and keep what they share', () => {
  const sdrs = shapeOf(schema.properties!['sdrs']!.items!);
  if (sdrs.kind !== 'tagged') throw new Error(sdrs.kind);
  expect([sdrs.tag, [...sdrs.branches.keys()]]).toEqual(['driver', ['rtl_tcp', 'command', 'file', 'simulator']]);
  const file = asBranch({ driver: 'rtl_tcp', id: 'a', ppm: 3 }, 'driver', sdrs.branches.get('file')!);
  expect(file).toEqual({ driver: 'file', path: '', id: 'a' });
  expect(shapeOf(schema.properties!['collectors']!.items!)).toMatchObject({ kind: 'tagged', tag: 'type' });
  expect(shapeOf(schema.properties!['track']!.items!)).toMatchObject({ kind: 'either' });
});

test('a number is one where the schema has numbers', () => {
  const gain: Schema = { anyOf: [{ const: 'auto' }, { type: 'number' }] };
  expect([typed('auto', gain), typed('12.5', gain), typed('1.', gain)]).toEqual(['auto', 12.5, 1]);
  expect(typed('00000001', { type: 'string' })).toBe('00000001');
});

test('the form hides every key that the station masks', () => {
  const keys = [...new Set(everySchema(schema).map(({ key }) => key))];
  const masked = keys.filter((key) => secretsIn({ [key]: 'x' }).length > 0);
  expect(masked.sort()).toEqual(['password', 'secret', 'token']);
  expect(keys.filter(isSecret).sort()).toEqual(masked);
});
