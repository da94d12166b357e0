import { describe, expect, test } from 'vitest';
import { prng } from '../../dsp/core/prng.ts';
import type { Kernels } from '../../dsp/kernels/kernels.ts';
import { wasmKernels } from '../../dsp/kernels/load.ts';
import { plainKernels } from '../../dsp/kernels/plain.ts';

const both = [wasmKernels(), plainKernels()] as const;
const count = 1284;
// Layout in bytes; the values before x are its past.
const xAt = 1024;
const byAt = xAt + 8 * count;
const yAt = byAt + 8 * count;

/** What the WASM and the plain kernel leave in `n` floats (or doubles) at y. */
function outputs(n: number, run: (kernels: Kernels) => void, kind: 'floats' | 'doubles' = 'floats') {
  return both.map((kernels) => {
    const random = prng(3);
    for (let i = 0; i < (yAt + 16 * count) >> 2; i++) kernels.floats[i] = random.normal();
    run(kernels);
    const at = kind === 'floats' ? yAt >> 2 : yAt >> 3;
    return Array.from(kernels[kind].subarray(at, at + n));
  });
}

function expectClose([wasm, plain]: number[][], tolerance: number): void {
  expect(wasm!.length).toBe(plain!.length);
  for (let i = 0; i < plain!.length; i++) expect(Math.abs(wasm![i]! - plain![i]!)).toBeLessThan(tolerance);
}

describe('kernels of the synchronisers are as their plain twins', () => {
  test('squareWindowed', () => {
    expectClose(
      outputs(2 * count, (kernels) => kernels.squareWindowed(xAt, byAt, count, yAt)),
      1e-5,
    );
    // y may be x.
    const [apart] = outputs(2 * count, (kernels) => kernels.squareWindowed(xAt, byAt, count, yAt));
    const [inPlace] = outputs(2 * count, (kernels) => {
      kernels.squareWindowed(xAt, byAt, count, xAt);
      kernels.bytes.copyWithin(yAt, xAt, xAt + 8 * count);
    });
    expect(inPlace).toEqual(apart);
  });

  test('turn', () => {
    expectClose(
      outputs(2 * count, (kernels) => kernels.turn(xAt, byAt, count, yAt)),
      1e-5,
    );
  });

  test('turnFrom', () => {
    expectClose(
      outputs(2 * count, (kernels) => kernels.turnFrom(xAt, byAt, 0.6, -0.8, count, yAt)),
      1e-5,
    );
  });

  test.each([4, 12])('lineSums of %d frequencies, in every bit', (frequencies) => {
    const state = 6 * frequencies;
    const [wasm, plain] = outputs(
      state,
      (kernels) => {
        const at = yAt >> 3;
        for (let i = 0; i < state; i++) kernels.doubles[at + i] = Math.sin(i + 1);
        for (let i = 0; i < state; i += 12)
          for (const k of [0, 1]) {
            kernels.doubles[at + i + k] = Math.cos(i + k + 0.1);
            kernels.doubles[at + i + 2 + k] = Math.sin(i + k + 0.1);
          }
        kernels.lineSums(xAt, 777, yAt, frequencies);
      },
      'doubles',
    );
    expect(wasm).toEqual(plain);
  });

  test('powers, also from an odd value on', () => {
    for (const from of [xAt, xAt + 8])
      expectClose(
        outputs(count, (kernels) => kernels.powers(from, count, yAt)),
        1e-5,
      );
  });

  test.each([1, 2, 7, 40])('lagLines with a lag of %d', (lag) => {
    expectClose(
      outputs(6, (kernels) => kernels.lagLines(xAt, lag, byAt, count, yAt), 'doubles'),
      1e-2,
    );
  });

  test('phaseSteps', () => {
    expectClose(
      outputs(count, (kernels) => kernels.phaseSteps(xAt, count, 1, yAt)),
      1e-6,
    );
  });

  test('phaseSteps at every angle, where a part is 0, and of nothing', () => {
    const angles = Array.from({ length: 1000 }, (_, i) => ((i - 499) * Math.PI) / 500);
    const found = both.map((kernels) => {
      kernels.floats[xAt / 4 - 2] = 1e-3;
      kernels.floats[xAt / 4 - 1] = 0;
      let turns = 0;
      for (const [i, angle] of angles.entries()) {
        turns += angle;
        kernels.floats[xAt / 4 + 2 * i] = 1e-3 * Math.cos(turns);
        kernels.floats[xAt / 4 + 2 * i + 1] = 1e-3 * Math.sin(turns);
      }
      kernels.phaseSteps(xAt, 1000, 1, yAt);
      return Array.from(kernels.floats.subarray(yAt / 4, yAt / 4 + 1000));
    });
    for (const [i, angle] of angles.entries())
      if (Math.abs(angle) < 3.14) for (const steps of found) expect(Math.abs(steps[i]! - angle)).toBeLessThan(1e-6);
    const i = [0, 1];
    const one = [1, 0];
    const pairs = [one, one, i, one, [0, 0], [0, 0], one, [-1, 0]].flat();
    for (const kernels of both) {
      kernels.floats.set(pairs, xAt / 4 - 2);
      kernels.phaseSteps(xAt, 8, 1, yAt);
      const steps = Array.from(kernels.floats.subarray(yAt / 4, yAt / 4 + 7));
      for (const [k, ideal] of [0, Math.PI / 2, -Math.PI / 2, 0, 0, 0, Math.PI].entries())
        expect(steps[k]).toBeCloseTo(ideal, 6);
    }
  });
});
