import { CoarseCarrier, type CoarseCarrierOptions } from '../sync/coarse-carrier.ts';
import { Derotator } from '../sync/derotator.ts';
import type { Pushing, Stage } from './channel-filter.ts';

export interface CarrierFollower extends Pushing {
  /** Carrier that was taken out at a sample of the recent past, Hz. */
  offsetHzAt(sample: number): number;
  /** Samples held back at most. */
  readonly latency: number;
}

/** Iq with its coarsely found carrier taken out, in pieces as they are found. */
export function carrierFollower(options: CoarseCarrierOptions, next: Stage): CarrierFollower {
  const carrier = new CoarseCarrier(options);
  const derotator = new Derotator(options.sampleRate);
  const onEstimate = (sample: number, hz: number): void => {
    derotator.estimate(sample, hz);
    const { output } = derotator;
    const ready = output.end - output.start;
    if (ready <= 0) return;
    next(output.data, ready / 2);
    output.start = output.end;
  };
  return {
    latency: carrier.latency,
    offsetHzAt: (sample) => derotator.hzAt(sample),
    push(iq, n) {
      derotator.push(iq, n);
      carrier.push(iq, n, onEstimate);
    },
    reset() {
      carrier.reset();
      derotator.reset();
    },
  };
}
