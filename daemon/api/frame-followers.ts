import type { FrameEncoding } from './frame-encoding.ts';
import type { FrameFilter } from './frame-filter.ts';
import { type FrameSource, readOn } from './frame-source.ts';
import { batchFrames, makeRecentFrames, packed } from './recent-frames.ts';
import type { StoredFrame } from './wire.ts';

export type EndReason = 'stationStops' | 'ledgerFails' | 'tooSlow';

/** The way to one client: WebSocket, server-sent events or KISS. */
export interface FrameSink {
  readonly encode: FrameEncoding;
  /** Whole frames; `taken` is called when the operating system has all of them, and nothing more is written before. */
  write(bytes: Uint8Array, taken: () => void): void;
  /** Called on time and again, to find out or to show that the other side is alive. */
  beat(): void;
  /** Nothing is written behind it. */
  end(reason: EndReason): void;
}

export interface FollowerLimits {
  /** A client that has not taken a batch for this long is disconnected. */
  readonly slowMs: number;
  /** A client is pinged, or sent a comment, this often. */
  readonly pingMs: number;
  readonly clients: number;
}

export const usualFollowerLimits: FollowerLimits = { slowMs: 10_000, pingMs: 20_000, clients: 2000 };

/**
 * Frames to any number of clients. Each has only a position in the ledger: what it has not taken yet is read from there,
 * a batch at a time, so a slow client costs one batch of memory and nobody else anything.
 */
export interface FrameFollowers {
  readonly clients: number;
  /** No more clients may be added. */
  readonly full: boolean;
  /**
   * @param since send what is stored behind this seq, then what comes; null: only what comes
   * @returns to be called when the client is gone
   */
  add(sink: FrameSink, since: number | null, filter: FrameFilter): () => void;
  /** Frames that are stored now, in order. */
  announce(frames: readonly StoredFrame[]): void;
  /** Stored frames have changed: what is sent from now on is read from the ledger again. */
  forget(): void;
  /** Hands out what is stored already, and ends all. */
  close(): void;
}

interface Follower {
  readonly sink: FrameSink;
  readonly filter: FrameFilter;
  /** seq up to which it has all that it wants. */
  at: number;
  /** When the batch under way was handed over; null when it has taken everything. */
  writingSince: number | null;
  beatAt: number;
}

/** For so long clients are served before everything else has its turn. */
const turnMs = 10;
/** Those that a station that starts again has at hand for its clients. */
const framesAtStart = 512;

export function makeFrameFollowers(source: FrameSource, limits: FollowerLimits = usualFollowerLimits): FrameFollowers {
  const followers = new Set<Follower>();
  /** Those that have taken everything and lack something, in the order in which they came to that. */
  const ready = new Set<Follower>();
  let turn: NodeJS.Immediate | null = null;
  let newest = source.lastSeq();
  const recent = makeRecentFrames(
    source.frames({ since: Math.max(0, newest - framesAtStart), upTo: newest, limit: framesAtStart }),
  );

  function wake(follower: Follower): void {
    if (follower.writingSince !== null || follower.at >= newest || !followers.has(follower)) return;
    ready.add(follower);
    turn ??= setImmediate(serve);
  }

  /** Frames that arrive while many clients are served make larger batches of the next turn. */
  function serve(): void {
    turn = null;
    const until = performance.now() + turnMs;
    for (const follower of ready) {
      ready.delete(follower);
      advance(follower);
      if (performance.now() > until) break;
    }
    if (ready.size > 0) turn ??= setImmediate(serve);
  }

  function advance(follower: Follower): void {
    const { sink, filter, at } = follower;
    try {
      const batch = recent.covers(at)
        ? recent.batch(at, filter, sink.encode)
        : packed(readOn(source, at, newest, filter, batchFrames), sink.encode);
      follower.at = batch.at;
      if (batch.bytes === null) {
        wake(follower);
        return;
      }
      follower.writingSince = performance.now();
      sink.write(batch.bytes, () => {
        follower.writingSince = null;
        wake(follower);
      });
    } catch {
      end(follower, 'ledgerFails');
    }
  }

  function leave(follower: Follower): void {
    followers.delete(follower);
    ready.delete(follower);
  }

  function end(follower: Follower, reason: EndReason): void {
    leave(follower);
    follower.sink.end(reason);
  }

  function check(): void {
    const now = performance.now();
    for (const follower of followers) {
      if (follower.writingSince !== null && now - follower.writingSince > limits.slowMs) end(follower, 'tooSlow');
      else if (now - follower.beatAt > limits.pingMs) {
        follower.beatAt = now;
        follower.sink.beat();
      }
    }
  }

  const timer = setInterval(check, Math.min(limits.slowMs, limits.pingMs) / 4);
  timer.unref();

  return {
    get clients() {
      return followers.size;
    },
    get full() {
      return followers.size >= limits.clients;
    },
    add(sink, since, filter) {
      const follower = { sink, filter, at: since ?? newest, writingSince: null, beatAt: performance.now() };
      followers.add(follower);
      wake(follower);
      return () => leave(follower);
    },
    announce(frames) {
      const last = frames.at(-1);
      if (last === undefined) return;
      recent.push(frames);
      newest = last.seq;
      for (const follower of followers) wake(follower);
    },
    forget: () => recent.clear(),
    close() {
      clearInterval(timer);
      if (turn !== null) clearImmediate(turn);
      // What was stored a moment ago still goes out.
      for (const follower of [...ready]) advance(follower);
      for (const follower of followers) end(follower, 'stationStops');
    },
  };
}
