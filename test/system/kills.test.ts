import { beforeAll, expect, test } from 'vitest';
import { failuresOf, killRun } from '../faults/kill-run.ts';
import { needPackages } from './debian.ts';

beforeAll(() => needPackages(['nats-server']));

test('20 kills while collectors fail: each frame once in the ledger and in the stream, at the SiDS server at least once', async () => {
  const report = await killRun({ kills: 20, seed: 20, longestAwayS: 10 });
  console.log(JSON.stringify(report));
  expect(failuresOf(report)).toEqual([]);
  expect(report.frames).toBeGreaterThan(100);
}, 1_200_000);
