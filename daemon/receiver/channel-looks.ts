import { type ChannelLook, lookAtChannel } from '../../dsp/spectrum/channel-look.ts';
import { dopplerAt } from '../tracking/doppler-curve.ts';
import { type ChannelPlan, halfWidthHz } from './channel-plan.ts';
import type { TimeOfSample } from './timeline.ts';

/** Looks into one channel while somebody wants them. */
export interface ChannelLooks {
  want(wanted: boolean): void;
  /** `n` IQ pairs of the channel, its Doppler shift taken out. */
  push(iq: Float32Array, n: number, captureSample: number): void;
  /** What follows does not belong to what came before. */
  restart(): void;
}

const everyS = 0.5;
/** Of a look: long enough for its symbols, short enough for a carrier that drifts. */
const longestS = 0.2;
const shortestS = 0.1;
const symbolsALook = 400;
const mostSamples = 65_536;

export function channelLooks(
  plan: ChannelPlan,
  design: { readonly outputRate: number; readonly passbandHz: number },
  timeOf: TimeOfSample,
  now: () => number,
  onLook: (look: ChannelLook, timeMs: number | null) => void,
): ChannelLooks {
  const { modulation } = plan.mode;
  const sampleRate = design.outputRate;
  const seconds = Math.max(shortestS, Math.min(longestS, symbolsALook / modulation.symbolRate));
  const size = Math.min(mostSamples, Math.round(seconds * sampleRate));
  const skip = Math.max(0, Math.round(everyS * sampleRate) - size);
  let iq: Float32Array<ArrayBuffer> | null = null;
  let held = 0;
  let passBy = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;

  function look(captureSample: number): void {
    // A recording is read faster than it was made.
    if (now() - lookedAt < 800 * everyS) return;
    lookedAt = now();
    const timeMs = timeOf(captureSample);
    const shiftHz = plan.doppler && timeMs !== null ? dopplerAt(plan.doppler, plan.frequencyHz, timeMs) : 0;
    const flatHz = [-design.passbandHz - shiftHz, design.passbandHz - shiftHz] as const;
    try {
      const found = lookAtChannel({
        ...{ iq: iq!, sampleRate, modulation, flatHz },
        ...{ halfWidthHz: halfWidthHz(modulation), searchHz: plan.searchHz },
      });
      onLook(found, timeMs);
    } catch {
      // A rate that the look has no filter for: what is received must not suffer.
      iq = null;
    }
  }

  return {
    want(wanted) {
      if (wanted === (iq !== null)) return;
      iq = wanted ? new Float32Array(2 * size) : null;
      held = 0;
      passBy = 0;
    },
    push(x, n, captureSample) {
      if (iq === null) return;
      const from = Math.min(n, passBy);
      passBy -= from;
      const take = Math.min(size - held, n - from);
      if (take === 0) return;
      iq.set(x.subarray(2 * from, 2 * (from + take)), 2 * held);
      held += take;
      if (held < size) return;
      held = 0;
      passBy = skip;
      look(captureSample);
    },
    restart() {
      held = 0;
    },
  };
}
