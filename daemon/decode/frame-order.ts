import type { DecodedFrame } from '../api/wire.ts';

export interface ChainFrame {
  readonly frame: DecodedFrame;
  /** Input sample behind its last bit. */
  readonly endSample: number;
  /** Position of its chain among the chains: the order of frames of one sample. */
  readonly chain: number;
}

/**
 * Puts the frames of several chains, which come with different delays, into the order of their first samples and drops
 * repeats: equal bytes of two chains, or of two detections of one, that begin within one frame's duration are one frame.
 * The one that needed fewer corrections stays.
 */
export interface FrameOrder {
  add(frame: ChainFrame): void;
  /** All samples before `sample` were read: gives the frames that nothing can come before any more. */
  advance(sample: number): DecodedFrame[];
  /** Frames that still wait. */
  readonly waiting: number;
  /** The end: all the rest. */
  finish(): DecodedFrame[];
}

/** @param maxDelaySamples no chain gives a frame later than this behind its first sample */
export function frameOrder(maxDelaySamples: number): FrameOrder {
  let waiting: ChainFrame[] = [];
  /** Given out already, but near enough that a late repeat may come. */
  let given: ChainFrame[] = [];

  function release(until: number): DecodedFrame[] {
    const ready = waiting.filter((f) => f.frame.sample < until);
    if (ready.length === 0) return [];
    waiting = waiting.filter((f) => f.frame.sample >= until);
    ready.sort(
      (a, b) => a.frame.sample - b.frame.sample || a.chain - b.chain || (a.frame.frame < b.frame.frame ? -1 : 1),
    );
    given.push(...ready);
    given = given.filter((f) => f.endSample >= until - maxDelaySamples);
    return ready.map((f) => f.frame);
  }

  return {
    add(frame) {
      if (given.some((other) => isSame(other, frame))) return;
      const at = waiting.findIndex((other) => isSame(other, frame));
      if (at < 0) waiting.push(frame);
      else if (compareEffort(frame, waiting[at]!) < 0) waiting[at] = frame;
    },
    get waiting() {
      return waiting.length;
    },
    advance: (sample) => release(sample - maxDelaySamples),
    finish: () => release(Number.POSITIVE_INFINITY),
  };
}

function isSame(a: ChainFrame, b: ChainFrame): boolean {
  if (a.frame.frame !== b.frame.frame) return false;
  const duration = Math.max(a.endSample - a.frame.sample, b.endSample - b.frame.sample);
  return Math.abs(a.frame.sample - b.frame.sample) < duration;
}

/** Negative when `a` is the better copy. Never 0 for two chains, so that the order of arrival does not matter. */
function compareEffort(a: ChainFrame, b: ChainFrame): number {
  const effort = ({ frame: { integrity } }: ChainFrame) => integrity.correctedSymbols + integrity.repairedBits;
  return effort(a) - effort(b) || a.chain - b.chain || a.frame.sample - b.frame.sample;
}
