import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProject } from '../core/project.ts';
import type { JsonSchema } from './schema-problems.ts';

/** A generated schema of config/schema/: reading it takes 1 ms, loading typebox to build it took 300 ms. */
export function readSchema(name: 'station' | 'satellite'): JsonSchema {
  return JSON.parse(readFileSync(join(findProject().folder, 'config', 'schema', `${name}.schema.json`), 'utf8'));
}
