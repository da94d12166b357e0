import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const operatorTokenFile = (dataFolder: string): string => join(dataFolder, 'operator-token');

/** What who changes the station must show; made once, readable by its owner alone. */
export function operatorToken(dataFolder: string): string {
  const file = operatorTokenFile(dataFolder);
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}
