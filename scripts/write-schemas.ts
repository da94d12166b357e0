/** Writes config/schema/*.schema.json from the typebox schemas. Usage: node scripts/write-schemas.ts [FOLDER] */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { satelliteSchema } from '../daemon/satellites/satellite-schema.ts';
import { stationSchema } from '../daemon/settings/station-schema.ts';

const folder = process.argv[2] ?? join(import.meta.dirname, '..', 'config', 'schema');
mkdirSync(folder, { recursive: true });
for (const [name, schema] of Object.entries({ satellite: satelliteSchema, station: stationSchema })) {
  const document = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema };
  writeFileSync(join(folder, `${name}.schema.json`), `${JSON.stringify(document, null, 2)}\n`);
}
