import { expect, test } from 'vitest';
import { runStreamBench } from './stream-run.ts';

test('100 clients get every frame once and in order, and the 5 that do not read are disconnected', async () => {
  const result = await runStreamBench({
    clients: 100,
    stalled: 5,
    rate: 200,
    seconds: 3,
    // Nobody is slow because the machine is.
    limits: { slowMs: 8000, pingMs: 8000, clients: 100 },
  });
  expect(result).toMatchObject({ frames: 600, complete: 95, faults: [], clientsLeft: 95 });
});
