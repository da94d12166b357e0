import type { StatusReport, TrackingState } from '../../../daemon/api/wire.ts';

/** Names of the satellites that are received now: by the plan, or by a receiver that always listens to them. */
export function receivedNow(
  { receiving }: Pick<TrackingState, 'receiving'>,
  { sdrs }: Pick<StatusReport, 'sdrs'>,
): ReadonlySet<string> {
  const listening = sdrs.filter(({ state }) => state === 'streaming').flatMap(({ channels }) => channels);
  return new Set([...receiving.map(({ name }) => name), ...listening.map(({ satellite }) => satellite)]);
}
