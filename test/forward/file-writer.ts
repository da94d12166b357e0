/** Child of file.test.ts: delivers to a file until it is killed or a delivery fails, and says how far it came. */
import { writeSync } from 'node:fs';
import { fileCollector } from '../../daemon/forward/file.ts';
import { contextOf, storedFrames, unaborted } from './collector-world.ts';

const [path, format] = process.argv.slice(2) as [string, 'kiss' | 'jsonl'];
const settings = { id: 'test', type: 'file', enabled: true, satellites: null, except: [], start: 'now' } as const;
const collector = fileCollector({ ...settings, path, format }, contextOf());
for (let seq = 1; ; ) {
  const outcomes = await collector.deliver(storedFrames(20, seq), unaborted);
  for (const outcome of outcomes) {
    writeSync(1, `${outcome.kind === 'accepted' ? seq++ : outcome.kind === 'later' ? outcome.reason : 'refused'}\n`);
    if (outcome.kind !== 'accepted') process.exit(0);
  }
}
