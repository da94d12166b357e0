import type { ReceivedFrame, ReceiverSink } from '../core/receiver.ts';
import type { Integrity } from '../core/types.ts';

/** Symbols that chains of one receiver may lie apart: the longest look-ahead and some hundred more. */
const chainSkew = 8192;
/** Symbols behind a frame's last one with which every deframer gives it: the arbiter's patience and a block of symbols. */
const givenWithin = 512;

/** Where one chain of a receiver puts what it found. */
export interface ChainSink extends ReceiverSink {
  /** All symbols before this input sample are deframed. */
  passed(sample: number): void;
}

interface Held {
  frame: ReceivedFrame;
  /** The chains that found it. */
  readonly by: number[];
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const isSame = (a: ReceivedFrame, b: ReceivedFrame): boolean =>
  a.sample < b.endSample && a.endSample > b.sample && sameBytes(a.bytes, b.bytes);

/** Whether two frames share more than half of the shorter one. */
function overlaps(a: ReceivedFrame, b: ReceivedFrame): boolean {
  const shared = Math.min(a.endSample, b.endSample) - Math.max(a.sample, b.sample);
  return shared > 0.5 * Math.min(a.endSample - a.sample, b.endSample - b.sample);
}

/**
 * A frame that took more correction and repair than another one in its place: they made a wrong frame pass its check. (A
 * cyclic code behind a periodic scrambler also decodes some bytes beside its place, with as many corrections as it can do.)
 * Or a frame that took as much, or that nothing checks, where a chain that hears the signal better found another.
 */
function isContradicted(frame: ReceivedFrame, others: readonly ReceivedFrame[]): boolean {
  return others.some(
    (other) =>
      (effort(other.integrity) < effort(frame.integrity) ||
        (isTied(frame, other) && quality(other) > quality(frame))) &&
      overlaps(frame, other) &&
      !sameBytes(frame.bytes, other.bytes),
  );
}

const isUnchecked = ({ integrity }: ReceivedFrame): boolean => integrity.crc === 'none' && integrity.fec === 'none';

/** Nothing that was done to them tells which one is right. */
function isTied(a: ReceivedFrame, b: ReceivedFrame): boolean {
  return (isUnchecked(a) && isUnchecked(b)) || effort(a.integrity) === effort(b.integrity);
}

/**
 * Passes each frame on once, however many chains of a receiver find it. The same bytes sent again are passed again. Two
 * different frames can't have been sent at once: of those the one that took less correction and repair is passed, and of equals the one that was heard best.
 * A frame waits until the measuring chains have been there too: the one with the best Es/N0 says what the signal was like,
 * the one that corrected least how sure the bytes are.
 */
export class FrameMerger {
  private readonly out: ReceiverSink;
  private readonly samplesPerSymbol: number;
  /** Where the measuring chains are. */
  private readonly reached = new Map<number, number>();
  private chains = 0;
  private held: Held[] = [];
  private given: ReceivedFrame[] = [];

  constructor(samplesPerSymbol: number, out: ReceiverSink) {
    this.samplesPerSymbol = samplesPerSymbol;
    this.out = out;
  }

  /** @param measuring whether the other chains' frames wait for this one's, which measures the signal better */
  chain(measuring: boolean): ChainSink {
    const chain = this.chains++;
    if (measuring) this.reached.set(chain, 0);
    return {
      frame: (frame) => this.frame(frame, chain),
      reject: (why) => this.out.reject(why),
      passed: (sample) => {
        if (!measuring) return;
        this.reached.set(chain, sample);
        this.release();
      },
    };
  }

  reset(): void {
    this.held = [];
    this.given = [];
    for (const chain of this.reached.keys()) this.reached.set(chain, 0);
  }

  private frame(frame: ReceivedFrame, chain: number): void {
    if (this.given.some((other) => isSame(other, frame))) return;
    const held = this.held.find((other) => isSame(other.frame, frame));
    if (held) {
      held.frame = merged(held.frame, frame);
      held.by.push(chain);
    } else this.held.push({ frame, by: [chain] });
    this.release();
  }

  private release(): void {
    if (this.held.length === 0) return;
    const ready = this.held.filter((held) => this.isReady(held));
    if (ready.length === 0) return;
    this.held = this.held.filter((held) => !ready.includes(held));
    const contenders = [...ready, ...this.held].map(({ frame }) => frame);
    ready.sort((a, b) => a.frame.sample - b.frame.sample || a.by[0]! - b.by[0]!);
    for (const { frame } of ready) {
      if (isContradicted(frame, this.given) || isContradicted(frame, contenders)) continue;
      const horizon = frame.sample - 2 * (frame.endSample - frame.sample) - chainSkew * this.samplesPerSymbol;
      this.given = this.given.filter((other) => other.endSample > horizon);
      this.given.push(frame);
      this.out.frame(frame);
    }
  }

  private isReady({ frame, by }: Held): boolean {
    const until = frame.endSample + givenWithin * this.samplesPerSymbol;
    for (const [other, sample] of this.reached) if (sample < until && !by.includes(other)) return false;
    return true;
  }
}

/** One frame of two copies: measured by the chain that heard the signal better, checked by the one that corrected less. */
function merged(first: ReceivedFrame, second: ReceivedFrame): ReceivedFrame {
  const measured = quality(second) > quality(first) ? second : first;
  const { integrity } = effort(second.integrity) < effort(first.integrity) ? second : first;
  return { ...measured, integrity };
}

/** A chain that knows the modulation index is a coherent one; the Es/N0 of the others is not comparable. */
function quality({ modulationIndex, snrDb }: ReceivedFrame): number {
  return (modulationIndex === null ? 0 : 1000) + (snrDb ?? -100);
}

const effort = ({ correctedSymbols, repairedBits }: Integrity): number => correctedSymbols + repairedBits;
