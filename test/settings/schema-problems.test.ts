import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Check } from 'typebox/value';
import { expect, test } from 'vitest';
import { findProject } from '../../daemon/core/project.ts';
import { satelliteSchema } from '../../daemon/satellites/satellite-schema.ts';
import { type JsonSchema, schemaProblems } from '../../daemon/settings/schema-problems.ts';
import { stationSchema } from '../../daemon/settings/station-schema.ts';

const written = (name: string): JsonSchema =>
  JSON.parse(readFileSync(join(findProject().folder, 'config', 'schema', `${name}.schema.json`), 'utf8'));

test.each([
  ['station', stationSchema],
  ['satellite', satelliteSchema],
])('config/schema/%s.schema.json is what write-schemas makes', (name, schema) => {
  const { $schema: _, ...rest } = written(name) as Record<string, unknown>;
  expect(rest).toEqual(JSON.parse(JSON.stringify(schema)));
});

const scalar = fc.oneof(
  fc.constantFrom(
    'rtl_tcp',
    'file',
    'fsk',
    'ax25',
    'auto',
    'A',
    '',
    null,
    true,
    0,
    1,
    9600,
    -1,
    1.5,
    437000000,
    Number.NaN,
  ),
  fc.string({ maxLength: 5 }),
);
const near = (keys: readonly string[], inner: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.constantFrom(...keys), inner, { maxKeys: keys.length });

const satellite = near(
  ['name', 'norad', 'transmitters', 'alternative_names', 'x'],
  fc.oneof(
    scalar,
    fc.array(scalar, { maxLength: 2 }),
    fc.array(
      near(
        ['id', 'frequency_hz', 'modulation', 'framing'],
        fc.oneof(scalar, near(['kind', 'symbol_rate', 'frame_size', 'callsign'], scalar)),
      ),
      { maxLength: 2 },
    ),
  ),
);
const station = near(
  ['sdrs', 'api', 'data_folder', 'station'],
  fc.oneof(
    scalar,
    near(['host', 'port', 'latitude'], scalar),
    fc.array(
      near(
        ['driver', 'receive', 'gain_db', 'path', 'agc'],
        fc.oneof(scalar, fc.array(fc.oneof(scalar, near(['satellite', 'offset_hz'], scalar)), { maxLength: 2 })),
      ),
      { maxLength: 2 },
    ),
  ),
);

test.each([
  ['satellite', satelliteSchema, satellite],
  ['station', stationSchema, station],
] as const)('%s: there are no problems exactly when typebox accepts the document', (name, schema, documents) => {
  const own = written(name);
  fc.assert(
    fc.property(documents, (document) => {
      expect(schemaProblems(own, document).length === 0).toBe(Check(schema, document));
    }),
    { numRuns: 500 },
  );
});

test('a long or unprintable value is shown short and clean', () => {
  const [problem] = schemaProblems({ type: 'number' }, `\u001b[31m${'x'.repeat(200)}`);
  expect(problem?.value).toMatch(/^'\?\[31mx+\.\.\.$/);
  expect(problem?.value?.length).toBeLessThanOrEqual(60);
});

test('of a text that is too long is told how long it may be', () => {
  const [problem] = schemaProblems({ type: 'string', maxLength: 80, description: 'a name' }, 'x'.repeat(81));
  expect(problem?.expected).toBe('text of at most 80 characters, not 81 (a name)');
});
