import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openLedger } from '../../daemon/store/ledger.ts';

const child = fileURLToPath(new URL('./insert-forever.ts', import.meta.url));

/** Lets the child write until it has announced `announcements` frames, then kills it without warning. */
async function writeAndKill(folder: string, announcements: number): Promise<string[]> {
  const process_ = spawn(process.execPath, [child, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  process_.stdout.on('data', (data: Buffer) => {
    text += data;
    if (text.split('\n').length > announcements) process_.kill('SIGKILL');
  });
  await once(process_, 'close');
  return text.split('\n').slice(0, -1); // what stands after the last newline was cut off by the kill
}

test('whatever was announced is stored, without a gap, however often the writer is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'downlinkd-'));
  try {
    const announced: string[] = [];
    for (const announcements of [7, 40, 1]) {
      announced.push(...(await writeAndKill(folder, announcements)));
      const ledger = openLedger(folder, 'TEST');
      const stored = ledger.frames({ since: 0, limit: 1e6 });
      ledger.close();
      expect(stored.map(({ seq }) => seq)).toEqual(stored.map((_, i) => i + 1));
      const known = new Set(stored.map(({ seq, id }) => `${seq} ${id}`));
      expect(announced.filter((line) => !known.has(line))).toEqual([]);
      expect(new Set(announced).size).toBe(announced.length);
    }
    expect(announced.length).toBeGreaterThanOrEqual(48);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
