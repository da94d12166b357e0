import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What `{date}` becomes for a frame of unknown time. */
const undated = 'undated';
const placeholder = '{date}';

/** The file for a frame that was received at `time` (ISO 8601 UTC). */
export function datedPath(template: string, time: string | null): string {
  return template.replaceAll(placeholder, time === null ? undated : time.slice(0, 10));
}

/** The files that are there of a template, without rotated ones. Folders that can't be read have none. */
export async function datedPaths(template: string): Promise<string[]> {
  if (!template.includes(placeholder)) return [template];
  const folders = await datedPaths(dirname(template));
  const name = basename(template);
  if (!name.includes(placeholder)) return folders.map((folder) => join(folder, name));
  const parts = name.split(placeholder).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const pattern = new RegExp(`^${parts.join(`(?:${undated}|\\d{4}-\\d\\d-\\d\\d)`)}$`);
  const found = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(folder).catch(() => []);
      return names.filter((entry) => pattern.test(entry)).map((entry) => join(folder, entry));
    }),
  );
  return found.flat();
}
