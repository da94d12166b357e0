/** How long it takes to predict a week of passes of 500 made-up low satellites. `node test/bench/passes.ts [SATELLITES]` */
import { flatHorizon, maskedHorizon } from '../../daemon/tracking/horizon.ts';
import { findPasses } from '../../daemon/tracking/passes.ts';

const count = Number(process.argv[2] ?? 500);
const fromMs = Date.UTC(2026, 10, 26);
const toMs = fromMs + 7 * 86_400_000;
const place = { latitudeDeg: 48.1, longitudeDeg: 11.6, altitudeM: 500 };
const mask = [10, 80, 95, 110, 300].map((azimuthDeg, i) => ({ azimuthDeg, elevationDeg: [3, 12, 25, 4, 8][i]! }));
let seed = 1;
const random = () => {
  seed = (seed * 16_807) % 2_147_483_647;
  return seed / 2_147_483_647;
};
const satellites = Array.from({ length: count }, (_, i) => ({
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
}));
for (const [name, horizon] of [
  ['above 0°', flatHorizon(0)],
  ['above 10°', flatHorizon(10)],
  ['over a mask', maskedHorizon(mask)],
] as const) {
  const start = performance.now();
  let passes = 0;
  for (const elements of satellites) passes += findPasses({ elements, place, horizon, fromMs, toMs }).length;
  console.log(`${name}: ${passes} passes in ${((performance.now() - start) / 1000).toFixed(2)} s`);
}
