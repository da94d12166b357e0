import { describe, expect, test } from 'vitest';
import {
  capturesOf,
  makePlan,
  type PlannablePass,
  type PlannableSdr,
  type PlanQuestion,
  retuneMs,
  usableShare,
} from '../../daemon/station/schedule.ts';
import { prng } from '../../dsp/core/prng.ts';

const minute = 60_000;
const uhf: PlannableSdr = { id: 'uhf', tuningHz: [430e6, 440e6], sampleRate: 1e6, rotator: null };

function pass(key: string, fromMin: number, toMin: number, given: Partial<PlannablePass> = {}): PlannablePass {
  return {
    key,
    satellite: key,
    priority: 0,
    aosMs: fromMin * minute,
    losMs: toMin * minute,
    maxElevationDeg: 30,
    transmitters: [{ id: 't', frequencyHz: 435e6, halfWidthHz: 20e3 }],
    choice: null,
    ...given,
  };
}

function at(frequencyHz: number, id = 't') {
  return { transmitters: [{ id, frequencyHz, halfWidthHz: 20e3 }] };
}

function plan(passes: readonly PlannablePass[], given: Partial<PlanQuestion> = {}) {
  return makePlan({ passes, sdrs: [uhf], rotators: [], nowMs: 0, ...given });
}

describe('one SDR', () => {
  test('what fits into one capture is received together', () => {
    const { assignments, left } = plan([pass('a', 1, 10), pass('b', 5, 15, at(435.5e6))]);
    expect(assignments.map((one) => [one.pass, one.whole])).toEqual([
      ['a', true],
      ['b', true],
    ]);
    expect(left).toEqual([]);
  });

  test('priority goes before elevation, and the other pass keeps what is left of its time', () => {
    const low = pass('low', 1, 10, { priority: 5, maxElevationDeg: 12 });
    const high = pass('high', 5, 15, { ...at(438e6), maxElevationDeg: 80 });
    const { assignments } = plan([high, low]);
    expect(assignments).toMatchObject([
      { pass: 'low', fromMs: minute, toMs: 10 * minute, whole: true },
      { pass: 'high', fromMs: 10 * minute + retuneMs, toMs: 15 * minute, whole: false },
    ]);
    expect(plan([high, { ...low, priority: 0 }]).assignments).toMatchObject([
      { pass: 'low', toMs: 5 * minute - retuneMs, whole: false },
      { pass: 'high', whole: true },
    ]);
  });

  test('a pass in the middle of another one splits it, a remainder of less than a minute is not used', () => {
    const long = pass('long', 0, 30);
    const short = pass('short', 10, 29.5, { ...at(438e6), priority: 1 });
    const { assignments } = plan([long, short]);
    expect(assignments.map(({ pass, fromMs, toMs }) => [pass, fromMs, toMs])).toEqual([
      ['long', 0, 10 * minute - retuneMs],
      ['short', 10 * minute, 29.5 * minute],
    ]);
  });

  test('a pinned pass goes before all, a skipped one is left with the reason', () => {
    const pinned = pass('pinned', 1, 10, { choice: 'pinned' });
    const better = pass('better', 1, 10, { ...at(438e6), priority: 9 });
    expect(plan([better, pinned])).toMatchObject({
      assignments: [{ pass: 'pinned' }],
      left: [{ pass: 'better', reason: 'every SDR is busy with passes that go first' }],
    });
    expect(plan([{ ...pinned, choice: 'skipped' }]).left).toEqual([{ pass: 'pinned', reason: 'skipped' }]);
  });

  test('says what can never be received', () => {
    expect(plan([pass('vhf', 1, 10, at(145.9e6))]).left).toEqual([
      { pass: 'vhf', reason: 'no SDR that follows the plan reaches its frequencies' },
    ]);
    expect(plan([pass('mute', 1, 10, { transmitters: [] })]).left[0]!.reason).toBe(
      'no transmitter that can be received',
    );
  });

  test('what runs is not disturbed: a better pass that would retune it gets the rest', () => {
    const [running] = plan([pass('running', 0, 10)]).assignments;
    const question = {
      nowMs: 5 * minute,
      running: [{ ...running!, centreHz: 435.1e6 }],
    };
    const better = pass('better', 4, 16, { ...at(438e6), choice: 'pinned' });
    const beside = pass('beside', 4, 16, at(435.3e6));
    expect(plan([better, pass('running', 0, 10)], question).assignments).toMatchObject([
      { pass: 'running', fromMs: 0, toMs: 10 * minute },
      { pass: 'better', fromMs: 10 * minute + retuneMs, toMs: 16 * minute },
    ]);
    expect(plan([beside], question).assignments[1]).toMatchObject({ pass: 'beside', fromMs: 5 * minute, whole: false });
    // It would fit beside the running one if the capture could be moved.
    expect(plan([pass('edge', 4, 16, at(434.3e6))], question).assignments[1]).toMatchObject({
      fromMs: 10 * minute + retuneMs,
    });
  });
});

describe('two SDRs', () => {
  const vhf: PlannableSdr = { id: 'vhf', tuningHz: [140e6, 150e6], sampleRate: 1e6, rotator: null };

  test('transmitters of two bands go to both', () => {
    const both = pass('both', 1, 10, {
      transmitters: [
        { id: 'u', frequencyHz: 437e6, halfWidthHz: 20e3 },
        { id: 'v', frequencyHz: 145.9e6, halfWidthHz: 10e3 },
      ],
    });
    expect(
      plan([both], { sdrs: [uhf, vhf] }).assignments.map(({ sdr, transmitters }) => [sdr, ...transmitters]),
    ).toEqual([
      ['uhf', 'u'],
      ['vhf', 'v'],
    ]);
  });

  test('a shared rotator follows one satellite at a time, with time to turn', () => {
    const sdrs = [
      { ...uhf, rotator: 'mast' },
      { ...vhf, rotator: 'mast' },
    ];
    const rotators = [{ id: 'mast', turnaroundMs: 100_000 }];
    const passes = [pass('u', 1, 10, { maxElevationDeg: 60 }), pass('v', 5, 20, at(145.9e6))];
    const { assignments } = plan(passes, { sdrs, rotators });
    expect(assignments).toMatchObject([
      { pass: 'u', pointed: [{ fromMs: minute, toMs: 10 * minute }] },
      { pass: 'v', whole: true, pointed: [{ fromMs: 10 * minute + 100_000, toMs: 20 * minute }] },
    ]);
    expect(() => plan(passes, { sdrs })).toThrow("uhf: there is no rotator 'mast'");
  });
});

test('any plan keeps to bandwidths, rotators, times and priorities, whatever the order of the question', () => {
  for (let seed = 1; seed <= 150; seed++) {
    const random = prng(seed);
    const between = (low: number, high: number) => low + (high - low) * random.uniform();
    const passes = Array.from({ length: 25 }, (_, i) => {
      const from = between(-20, 300);
      const bands = random.uniform() < 0.2 ? [145.9e6, 436e6] : [random.uniform() < 0.3 ? 145.9e6 : 436e6];
      return pass(`p${i}`, from, from + between(2, 18), {
        priority: Math.floor(between(0, 3)),
        maxElevationDeg: between(5, 90),
        choice: random.uniform() < 0.1 ? (random.uniform() < 0.5 ? 'pinned' : 'skipped') : null,
        transmitters: bands.map((hz, j) => ({ id: `t${j}`, frequencyHz: hz + between(-2e6, 2e6), halfWidthHz: 25e3 })),
      });
    });
    const sdrs: PlannableSdr[] = [
      { id: 'uhf', tuningHz: [430e6, 440e6], sampleRate: 2e6, rotator: 'mast' },
      { id: 'vhf', tuningHz: [140e6, 150e6], sampleRate: 1e6, rotator: 'mast' },
      { id: 'wide', tuningHz: [24e6, 1700e6], sampleRate: 2.4e6, rotator: null },
    ];
    const rotators = [{ id: 'mast', turnaroundMs: 90_000 }];
    const made = makePlan({ passes, sdrs, rotators, nowMs: 0 });
    expect(makePlan({ passes: [...passes].reverse(), sdrs, rotators, nowMs: 0 })).toEqual(made);

    for (const capture of capturesOf(made)) {
      const sdr = sdrs.find(({ id }) => id === capture.sdr)!;
      expect(capture.bandHz[1] - capture.bandHz[0]).toBeLessThanOrEqual(usableShare * sdr.sampleRate);
    }
    for (const one of made.assignments) {
      const own = passes.find(({ key }) => key === one.pass)!;
      expect(own.choice).not.toBe('skipped');
      expect(one.fromMs).toBeGreaterThanOrEqual(Math.max(0, own.aosMs));
      expect(one.toMs).toBeLessThanOrEqual(own.losMs);
      for (const part of one.pointed) {
        expect(part.fromMs).toBeGreaterThanOrEqual(one.fromMs);
        expect(part.toMs).toBeLessThanOrEqual(one.toMs);
      }
    }
    const turned = made.assignments.filter(({ sdr }) => sdr !== 'wide');
    for (const a of turned)
      for (const b of turned)
        if (a.pass !== b.pass)
          for (const p of a.pointed)
            for (const q of b.pointed) expect(q.fromMs >= p.toMs + 90_000 || q.toMs + 90_000 <= p.fromMs).toBe(true);

    // The first in order has all it can have.
    const first = passes
      .filter(({ choice, losMs }) => choice !== 'skipped' && losMs > 0)
      .sort(
        (a, b) =>
          Number(b.choice === 'pinned') - Number(a.choice === 'pinned') ||
          b.priority - a.priority ||
          b.maxElevationDeg - a.maxElevationDeg,
      )[0]!;
    const firstPieces = made.assignments.filter((one) => one.pass === first.key);
    expect(firstPieces.every(({ whole }) => whole)).toBe(first.aosMs >= 0);
    for (const { fromMs, toMs } of firstPieces) expect([fromMs, toMs]).toEqual([Math.max(0, first.aosMs), first.losMs]);
    expect(firstPieces.flatMap(({ transmitters }) => transmitters).sort()).toEqual(
      first.transmitters.map(({ id }) => id).sort(),
    );
    const mentioned = new Set([...made.assignments, ...made.left].map((one) => one.pass));
    for (const { key, losMs } of passes) expect(mentioned.has(key)).toBe(losMs > 0);
  }
});
