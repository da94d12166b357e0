import { expect, test } from 'vitest';
import type { StatusReport, TrackingState } from '../../daemon/api/wire.ts';
import { receivedNow } from '../../web/src/now/received.ts';

test('received is what the plan receives, and what a receiver with samples always listens to', () => {
  const sdr = (state: string, ...satellites: string[]) => ({
    state,
    channels: satellites.map((satellite) => ({ satellite })),
  });
  const state = { receiving: [{ name: 'GOMX-3' }] } as unknown as TrackingState;
  const status = {
    sdrs: [sdr('streaming', 'AO-73'), sdr('waiting', 'ISS'), sdr('closed')],
  } as unknown as StatusReport;
  expect([...receivedNow(state, status)]).toEqual(['GOMX-3', 'AO-73']);
});
