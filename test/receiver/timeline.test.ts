import { expect, test } from 'vitest';
import { makeTimeline } from '../../daemon/receiver/timeline.ts';

const start = Date.UTC(2026, 0, 31, 12);

test('a file with a start time is timed by its samples alone', () => {
  const timeline = makeTimeline(48_000, start);
  timeline.arrived({ firstSample: 0, samples: 4800, gap: false }, start + 3_600_000);
  timeline.arrived({ firstSample: 96_000, samples: 4800, gap: true }, start + 7_200_000);
  expect(timeline.timeOf(0)).toBe(start);
  expect(timeline.timeOf(96_000)).toBe(start + 2000);
});

test('a file without a start time has no time, never the present', () => {
  const timeline = makeTimeline(48_000, null);
  timeline.arrived({ firstSample: 0, samples: 4800, gap: false }, start);
  expect(timeline.timeOf(10)).toBeNull();
});

test('a radio is timed by the arrival of its first buffer, whose last sample has just come in', () => {
  const timeline = makeTimeline(1000, 'arrival');
  timeline.arrived({ firstSample: 0, samples: 100, gap: false }, start + 100);
  expect(timeline.timeOf(0)).toBe(start);
  expect(timeline.timeOf(50)).toBe(start + 50);
  // A late buffer changes nothing.
  timeline.arrived({ firstSample: 100, samples: 100, gap: false }, start + 900);
  expect(timeline.timeOf(200)).toBe(start + 200);
});

test('after a gap the time is taken anew, and samples before it keep theirs', () => {
  const timeline = makeTimeline(1000, 'arrival');
  timeline.arrived({ firstSample: 0, samples: 100, gap: true }, start + 100);
  timeline.arrived({ firstSample: 5000, samples: 100, gap: true }, start + 5300);
  expect(timeline.timeOf(5000)).toBe(start + 5200);
  expect(timeline.timeOf(99)).toBe(start + 99);
});

test('a sample clock 100 ppm off is corrected, jitter is not followed', () => {
  const timeline = makeTimeline(1000, 'arrival');
  const hours = 2;
  const trueMsPerSample = 1 / (1 - 100e-6);
  let n = 0;
  for (let sample = 0; sample < hours * 3600 * 1000; sample += 500) {
    const jitterMs = (n++ % 13) * 4;
    timeline.arrived(
      { firstSample: sample, samples: 500, gap: false },
      start + (sample + 500) * trueMsPerSample + jitterMs,
    );
  }
  const late = hours * 3600 * 1000 - 1;
  expect(Math.abs(timeline.timeOf(late)! - (start + late * trueMsPerSample))).toBeLessThan(20);
});
