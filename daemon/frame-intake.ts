import type { FrameClock, FrameCopy } from './api/wire.ts';
import type { ClockState } from './core/clock-watch.ts';
import type { ReceivedFrame } from './receiver/received-frame.ts';
import type { Appender } from './store/appender.ts';
import type { ClockStamp, UnstoredFrame } from './store/ledger.ts';

/** Which SDR gave a frame, in which pass. */
export interface FrameOrigin {
  readonly sdr: string;
  /** Key of the pass; null outside of the plan. */
  readonly pass: string | null;
}

/** The way of frames from the receivers into the ledger. */
export interface FrameIntake {
  add(frame: ReceivedFrame, origin: FrameOrigin): void;
  /** The same transmission, from another decoder of the same SDR. */
  addCopy(frame: ReceivedFrame, origin: FrameOrigin): void;
}

export interface FrameIntakeDeps {
  readonly appender: Pick<Appender, 'add' | 'addCopy'>;
  /** Catalogue number of a satellite, null where it has none. */
  readonly norad: (satellite: string) => number | null;
  readonly clockState: () => ClockState;
  readonly clockStamp: () => ClockStamp;
}

interface Entry {
  readonly satellite: string | null;
  readonly frame: string;
  readonly timeMs: number;
  readonly durationMs: number;
  readonly sdrs: Set<string>;
  /** Its number in the ledger; null until it is stored. */
  seq: number | null;
  /** Copies that came before it was stored. */
  readonly early: FrameCopy[];
}

/** Frames that a copy is looked for among: more than several SDRs give in the seconds by which one lags behind another. */
const remembered = 512;
/** Buffers of two SDRs arrive this much apart, at most, in the time that they are given. */
const toleranceMs = 50;

/** Numbers the satellite, tells how good the clock is, and makes one frame of what several SDRs or decoders received. */
export function makeFrameIntake({ appender, norad, clockState, clockStamp }: FrameIntakeDeps): FrameIntake {
  const recent: Entry[] = [];

  /** The stored transmission that this is: equal bytes at an overlapping time, the nearest one. */
  function find(frame: ReceivedFrame, eligible: (entry: Entry) => boolean): Entry | null {
    const timeMs = timeOf(frame);
    let found: Entry | null = null;
    let nearestMs = Number.POSITIVE_INFINITY;
    for (const entry of recent) {
      if (entry.frame !== frame.frame || entry.satellite !== frame.satellite || !eligible(entry)) continue;
      const apartMs = Math.abs(entry.timeMs - timeMs);
      if (apartMs >= Math.max(entry.durationMs, frame.durationMs) + toleranceMs || apartMs >= nearestMs) continue;
      found = entry;
      nearestMs = apartMs;
    }
    return found;
  }

  function note(entry: Entry, frame: ReceivedFrame, sdr: string): void {
    const { time, transmitter, mode, snr_db, offset_hz } = frame;
    const copy = { sdr, time, transmitter, mode, snr_db, offset_hz };
    entry.sdrs.add(sdr);
    if (entry.seq === null) entry.early.push(copy);
    else appender.addCopy(entry.seq, copy);
  }

  return {
    add(received, { sdr, pass }) {
      // Another frame of the same SDR is another transmission: its own copies are known by their samples.
      const known = find(received, ({ sdrs }) => !sdrs.has(sdr));
      if (known !== null) {
        note(known, received, sdr);
        return;
      }
      const entry: Entry = {
        satellite: received.satellite,
        frame: received.frame,
        timeMs: timeOf(received),
        durationMs: received.durationMs,
        sdrs: new Set([sdr]),
        seq: null,
        early: [],
      };
      recent.push(entry);
      if (recent.length > remembered) recent.shift();
      const { timedBy, durationMs: _unused, ...frame } = received;
      const number = received.satellite === null ? null : norad(received.satellite);
      const timed = clockOf(received, clockState());
      const stored: UnstoredFrame = {
        ...frame,
        norad: number,
        sdr,
        pass,
        ...timed,
        ...(timedBy === 'arrival' && { stamp: clockStamp() }),
      };
      appender.add(stored, (seq) => {
        entry.seq = seq;
        for (const copy of entry.early.splice(0)) appender.addCopy(seq, copy);
      });
    },
    addCopy(frame, { sdr }) {
      const known = find(frame, ({ sdrs }) => sdrs.has(sdr));
      if (known !== null) note(known, frame, sdr);
    },
  };
}

/** Frames without a time are told apart by their samples. */
function timeOf({ time, sample }: ReceivedFrame): number {
  return time === null ? sample : Date.parse(time);
}

function clockOf(
  { time, timedBy }: ReceivedFrame,
  { synchronised, source }: ClockState,
): { clock: FrameClock; clock_source: string | null } {
  if (time === null || timedBy === null) return { clock: 'unknown', clock_source: null };
  if (timedBy === 'recording') return { clock: 'recording', clock_source: null };
  if (synchronised === null) return { clock: 'unknown', clock_source: source };
  return { clock: synchronised ? 'synchronised' : 'unsynchronised', clock_source: source };
}
