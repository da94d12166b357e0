import { expect, test } from 'vitest';
import type { StatusReport } from '../../daemon/api/wire.ts';
import { makeSignalState } from '../../web/src/signal/signal-state.ts';
import { status } from '../../web/src/station.ts';

const sdr = (state: string, reason: string | null) =>
  ({ sdrs: [{ id: 'uhf', state, reason }] }) as unknown as StatusReport;

test('an SDR that failed tells why there is no signal; of one that works the live signal does', () => {
  const { trouble, nothing } = makeSignalState();
  nothing.value = 'receives nothing now';
  status.value = sdr('failed', 'the recording ended in the middle of a sample');
  expect(trouble.value).toBe('the recording ended in the middle of a sample');
  status.value = sdr('streaming', null);
  expect(trouble.value).toBe('receives nothing now');
});
