/**
 * How long it takes to predict a week of passes of 500 made-up low satellites; where Debian's python3-skyfield is installed, by it
 * as well, from the same elements in the same run.
 *
 * npm run bench:passes -- [SATELLITES] [--without-peer]
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Elements } from '../../daemon/tracking/elements.ts';
import { flatHorizon, maskedHorizon } from '../../daemon/tracking/horizon.ts';
import { findPasses } from '../../daemon/tracking/passes.ts';
import { tleOf } from './tle-text.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'without-peer': { type: 'boolean', default: false } },
});
const count = Number(positionals[0] ?? 500);
const fromMs = Date.UTC(2026, 10, 26);
const toMs = fromMs + 7 * 86_400_000;
const place = { latitudeDeg: 48.1, longitudeDeg: 11.6, altitudeM: 500 };
const mask = [10, 80, 95, 110, 300].map((azimuthDeg, i) => ({ azimuthDeg, elevationDeg: [3, 12, 25, 4, 8][i]! }));
let seed = 1;
const random = () => {
  seed = (seed * 16_807) % 2_147_483_647;
  return seed / 2_147_483_647;
};
const satellites = Array.from(
  { length: count },
  (_, i): Elements => ({
    norad: i + 1,
    name: `satellite ${i}`,
    epochMs: fromMs - 2 * 86_400_000,
    meanMotionRevPerDay: 14 + 1.6 * random(),
    eccentricity: 0.002 * random(),
    inclinationDeg: 40 + 60 * random(),
    raanDeg: 360 * random(),
    argumentOfPerigeeDeg: 360 * random(),
    meanAnomalyDeg: 360 * random(),
    bstar: 1e-4,
    source: 'bench',
    pinned: false,
  }),
);

/** Passes that rise in the time, and CPU seconds. */
function ours(horizon: ReturnType<typeof flatHorizon>): { passes: number; seconds: number } {
  const start = process.threadCpuUsage();
  let passes = 0;
  for (const elements of satellites)
    passes += findPasses({ elements, place, horizon, fromMs, toMs }).filter(
      ({ rise }) => rise !== null && rise.timeMs >= fromMs && rise.timeMs < toMs,
    ).length;
  const { user, system } = process.threadCpuUsage(start);
  return { passes, seconds: (user + system) / 1e6 };
}

const python = '/usr/bin/python3';
const hasPeer = !values['without-peer'] && spawnSync(python, ['-c', 'import skyfield']).status === 0;

function skyfield(minElevationDeg: number): { passes: number; seconds: number } {
  const { latitudeDeg, longitudeDeg, altitudeM } = place;
  const { status, stdout, stderr } = spawnSync(
    python,
    [
      join(import.meta.dirname, 'passes_peer.py'),
      ...[latitudeDeg, longitudeDeg, altitudeM, minElevationDeg, fromMs / 1000, toMs / 1000].map(String),
    ],
    { input: satellites.flatMap(tleOf).join('\n'), encoding: 'utf8', maxBuffer: 1 << 24 },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

console.log(`${count} satellites, 7 days, passes that rise in this time; CPU seconds`);
for (const elevationDeg of [0, 10]) {
  const own = ours(flatHorizon(elevationDeg));
  const text = `above ${elevationDeg}°: ${own.passes} passes in ${own.seconds.toFixed(2)} s`;
  if (!hasPeer) console.log(text);
  else {
    const peer = skyfield(elevationDeg);
    console.log(
      `${text}; skyfield: ${peer.passes} in ${peer.seconds.toFixed(2)} s, ${(peer.seconds / own.seconds).toFixed(0)} times as long`,
    );
  }
}
const own = ours(maskedHorizon(mask));
console.log(`over a mask: ${own.passes} passes in ${own.seconds.toFixed(2)} s`);
if (!hasPeer && !values['without-peer'])
  console.log('skyfield is not installed (apt-get install python3-skyfield): measured without the peer');
