import { gstime, sunPos } from 'satellite.js';
import { expect, test } from 'vitest';
import type { PassEntry, PassPart, PlanReport } from '../../daemon/api/wire.ts';
import { fitLines } from '../../web/src/passes/fit-lines.ts';
import { hourTicks, kindOf, nights, timelineRows } from '../../web/src/passes/timeline.ts';

const at = (hour: number, minute = 0) => new Date(Date.UTC(2026, 10, 26, hour, minute)).toISOString();
const time = { fromMs: Date.parse(at(0)), toMs: Date.parse(at(10)) };

function part(state: PassPart['state']): PassPart {
  const [from, to] = [at(1), at(2)];
  return { sdr: 'uhf', transmitters: ['x'], from, to, whole: true, pointed: [], state, frames: 0 };
}

const pass = (change: Partial<PassEntry> = {}): PassEntry => ({
  ...{ key: 'a', norad: 1, name: 'A', aos: at(1), tca: at(1, 30), los: at(2), max_elevation_deg: 40 },
  ...{ aos_azimuth_deg: 1, los_azimuth_deg: 2, priority: 0, choice: null, elements_age_days: 1, elements_note: null },
  ...{
    received_by: [part('planned')],
    best_snr_db: null,
    reason: null,
    simulated: false,
    fit: null,
    fit_reason: null,
    waterfall: false,
  },
  ...change,
});

test('rows of satellites by name, of SDRs and rotators; bars cut to the time, and left out beyond it', () => {
  const plan: PlanReport = {
    captures: [
      { sdr: 'vhf', from: at(1), to: at(3), passes: ['a'] },
      { sdr: 'uhf', from: at(1), to: at(3), passes: ['a', 'b'] },
    ],
    pointing: [{ rotator: 'mast', pass: 'a', from: at(1), to: at(2) }],
    left: [],
  };
  const passes = [
    pass({ key: 'b', name: 'B', aos: at(9), los: at(12) }),
    pass({ choice: 'pinned' }),
    pass({ key: 'c', aos: at(11), los: at(12) }),
  ];
  const rows = timelineRows(passes, plan, time);
  expect(rows.map(({ group, name, bars }) => [group, name, bars.length])).toEqual([
    ['satellite', 'A', 1],
    ['satellite', 'B', 1],
    ['sdr', 'uhf', 1],
    ['sdr', 'vhf', 1],
    ['rotator', 'mast', 1],
  ]);
  const [a, b, uhf] = rows.map(({ bars }) => bars[0]!);
  expect(a).toMatchObject({ left: 0.1, width: 0.1, pinned: true, kind: 'planned' });
  expect(b!.left + b!.width).toBe(1);
  expect(uhf).toMatchObject({ key: 'a', names: ['A', 'B'] });
});

test('what becomes of a pass', () => {
  expect(kindOf(pass())).toBe('planned');
  expect(kindOf(pass({ received_by: [part('interrupted'), part('receiving')] }))).toBe('receiving');
  expect(kindOf(pass({ received_by: [part('done')] }))).toBe('over');
  expect(kindOf(pass({ received_by: [], reason: 'the receiver is busy' }))).toBe('left');
  expect(kindOf(pass({ received_by: [], choice: 'skipped' }))).toBe('skipped');
});

test('ticks are at whole hours of UTC', () => {
  const ticks = hourTicks({ fromMs: Date.parse(at(0, 20)), toMs: Date.parse(at(6)) }, 3);
  expect(ticks.map((ms) => new Date(ms).toISOString())).toEqual([at(3), at(6)]);
});

/** The Sun's elevation in degrees, by satellite.js. */
function elevation(latitudeDeg: number, longitudeDeg: number, timeMs: number): number {
  const julian = timeMs / 86_400_000 + 2_440_587.5;
  const { x, y, z } = sunPos(julian).rsun;
  const [latitude, hour] = [(latitudeDeg * Math.PI) / 180, gstime(julian) + (longitudeDeg * Math.PI) / 180];
  const up = Math.cos(latitude) * (x * Math.cos(hour) + y * Math.sin(hour)) + Math.sin(latitude) * z;
  return (Math.asin(up / Math.hypot(x, y, z)) * 180) / Math.PI;
}

test('a night is from sunset to sunrise, and lasts all day beyond the polar circle', () => {
  const day = { fromMs: Date.UTC(2026, 10, 26, 9), toMs: Date.UTC(2026, 10, 27, 9) };
  const [night, ...more] = nights(48.14, 11.58, day);
  expect(more).toEqual([]);
  // The Sun moves a degree in five minutes there.
  for (const edge of [night!.fromMs, night!.toMs])
    expect(Math.abs(elevation(48.14, 11.58, edge) + 0.833)).toBeLessThan(1);
  expect(elevation(48.14, 11.58, (night!.fromMs + night!.toMs) / 2)).toBeLessThan(-50);
  expect(nights(80, 11, day)).toEqual([day]);
  expect(nights(-80, 11, day)).toEqual([]);
});

test('offsets and fit over the same times, in their order', () => {
  const measured = { frequency_hz: 437e6, sdr: 'uhf' };
  const lines = fitLines({
    offsets: [{ time: at(2), offset_hz: 5, ...measured }],
    fitted: [
      { time: at(1), offset_hz: 1 },
      { time: at(3), offset_hz: 3 },
    ],
  });
  expect(lines.timesS).toEqual([1, 2, 3].map((hour) => Date.parse(at(hour)) / 1000));
  expect(lines.measured).toEqual([null, 5, null]);
  expect(lines.fitted).toEqual([1, null, 3]);
});
