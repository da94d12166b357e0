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
/** Looks in which there is only noise. */
const noiseEveryS = 2;
/** Of a look: long enough for its symbols, short enough for a carrier that drifts. */
const longestS = 0.2;
const shortestS = 0.1;
const symbolsALook = 400;
const mostSamples = 65_536;
const blockS = 0.005;
/** The part of it that a short burst fills. */
const leastBlocks = 4;
const leastSamples = 1024;

/** Of all that is received, what is looked at is where the power rises most above the rest: bursts are short. */
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
  const block = Math.max(1, Math.round(blockS * sampleRate));
  const most = Math.max(1, Math.floor(Math.min(mostSamples, seconds * sampleRate) / block));
  const least = Math.min(most, Math.max(leastBlocks, Math.ceil(leastSamples / block)));
  /** What came since the last look, and before it as much as a look takes: a burst may lie across. */
  const blocks = most + Math.round(everyS / blockS);
  const powers = new Float64Array(blocks);
  const captureSamples = new Float64Array(blocks);
  let iq: Float32Array<ArrayBuffer> | null = null;
  let held = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let toldAt = Number.NEGATIVE_INFINITY;

  function look(from: Float32Array): void {
    // A recording is read faster than it was made.
    if (now() - lookedAt < 800 * everyS) return;
    lookedAt = now();
    const { first, count } = strongest(powers, least, most);
    const timeMs = timeOf(captureSamples[first + count - 1]!);
    const shiftHz = plan.doppler && timeMs !== null ? dopplerAt(plan.doppler, plan.frequencyHz, timeMs) : 0;
    const flatHz = [-design.passbandHz - shiftHz, design.passbandHz - shiftHz] as const;
    try {
      const found = lookAtChannel({
        ...{ iq: from.subarray(2 * first * block, 2 * (first + count) * block), sampleRate, modulation, flatHz },
        ...{ halfWidthHz: halfWidthHz(modulation), searchHz: plan.searchHz },
      });
      if (Number.isNaN(found.snrDb) && lookedAt - toldAt < 800 * noiseEveryS) return;
      toldAt = lookedAt;
      onLook(found, timeMs);
    } catch {
      // A rate that the look has no filter for: what is received must not suffer.
      iq = null;
    }
  }

  return {
    want(wanted) {
      if (wanted === (iq !== null)) return;
      iq = wanted ? new Float32Array(2 * blocks * block) : null;
      held = 0;
      toldAt = Number.NEGATIVE_INFINITY;
    },
    push(x, n, captureSample) {
      for (let from = 0; from < n && iq !== null; ) {
        const take = Math.min(block - (held % block), n - from);
        iq.set(x.subarray(2 * from, 2 * (from + take)), 2 * held);
        from += take;
        held += take;
        if (held % block !== 0) continue;
        const at = held / block - 1;
        powers[at] = powerOf(iq, at * block, block);
        captureSamples[at] = captureSample;
        if (at + 1 < blocks) continue;
        look(iq);
        iq?.copyWithin(0, 2 * (blocks - most) * block);
        powers.copyWithin(0, blocks - most);
        captureSamples.copyWithin(0, blocks - most);
        held = most * block;
      }
    },
    restart() {
      held = 0;
    },
  };
}

function powerOf(iq: Float32Array, first: number, samples: number): number {
  let sum = 0;
  for (let i = 2 * first; i < 2 * (first + samples); i++) sum += iq[i]! ** 2;
  return sum / samples;
}

/** The blocks whose power is the least likely to be that of the rest; where all are alike, as many as may be. */
function strongest(powers: Float64Array, least: number, most: number): { first: number; count: number } {
  const rest = powers.toSorted()[powers.length >> 2]!;
  let best = { first: powers.length - most, count: most };
  let highest = Number.NEGATIVE_INFINITY;
  for (let first = 0; first + least <= powers.length; first++) {
    let excess = 0;
    for (let count = 1; count <= most && first + count <= powers.length; count++) {
      excess += powers[first + count - 1]! - rest;
      const score = excess / Math.sqrt(count);
      if (count < least || score <= highest) continue;
      highest = score;
      best = { first, count };
    }
  }
  return best;
}
