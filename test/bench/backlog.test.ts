import { expect, test } from 'vitest';
import { backlogRun } from './backlog-run.ts';

test('frames that waited are delivered in order, each once', async () => {
  expect(await backlogRun(5000)).toMatchObject({ missing: 0, twice: 0, outOfOrder: 0 });
});
