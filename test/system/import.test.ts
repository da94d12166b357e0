/** What gr-satellites writes comes into our ledger, with its times. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { StoredFrame } from '../../daemon/api/wire.ts';
import { kissFrames } from '../bench/sensitivity-peer.ts';
import { downlinkd, execute, inFolder, jsonLines, root } from './command-line.ts';
import { needPackages } from './debian.ts';

beforeAll(() => needPackages(['gnuradio', 'gr-satellites']));

test('a KISS file of gr-satellites', async () => {
  await inFolder(async (folder) => {
    const [kiss, dataFolder] = [join(folder, 'gomx-3.kss'), join(folder, 'station')];
    const recording = join(root, 'test', 'recordings', 'gomx_3.wav');
    await execute('/usr/bin/python3', [
      ...[join(import.meta.dirname, 'gr_satellites_launcher.py'), 'GOMX-3', '--wavfile', recording],
      ...['--samp_rate', '48000', '--start_time', '2026-01-31T12:00:00', '--kiss_out', kiss],
    ]);
    const sent = kissFrames(readFileSync(kiss));
    expect(sent.length).toBeGreaterThan(0);
    const argv = ['import', kiss, '--satellite', 'GOMX-3', '--data-folder', dataFolder];
    expect(await downlinkd(...argv)).toBe(`${kiss}: ${sent.length} frames imported\n`);
    const stored = jsonLines<StoredFrame>(await downlinkd('frames', '--data-folder', dataFolder));
    expect(stored.map(({ frame }) => frame)).toEqual(sent);
    for (const { time } of stored) expect(time).toMatch(/^2026-01-31T12:00:/);
  });
});
