import type { ChannelHearing } from '../api/wire.ts';
import type { HeardSignal } from './live-order.ts';

/** What a channel heard in the last minute. Times are those of a clock that is not set, ms. */
export interface Hearing {
  frame(nowMs: number): void;
  rejects(count: number, nowMs: number): void;
  /** Once a second, what a spectrum shows. */
  heard(signal: HeardSignal, nowMs: number): void;
  report(nowMs: number): ChannelHearing;
}

interface Second {
  readonly second: number;
  frames: number;
  rejects: number;
  looked: boolean;
  signal: HeardSignal;
}

const seconds = 60;
/** A signal counts as there for so long: bursts have pauses. */
const signalSeconds = 10;
/** A reject is known some time after its signal. */
const lateSeconds = 2;
/** So many candidates that fail, and so many times as many a second as without a signal, are frames that fail. */
const leastRejects = 2;
const timesAsMany = 3;
/** Offsets below this part of a kHz are told in Hz, and below this not at all. */
const nearHz = 100;

export function makeHearing(): Hearing {
  let minute: Second[] = [];

  function at(nowMs: number): Second {
    const second = Math.floor(nowMs / 1000);
    let newest = minute.at(-1);
    if (newest === undefined || newest.second < second) {
      newest = { second, frames: 0, rejects: 0, looked: false, signal: null };
      minute.push(newest);
      if (minute.length > seconds) minute.shift();
    }
    return newest;
  }

  return {
    frame(nowMs) {
      at(nowMs).frames += 1;
    },
    rejects(count, nowMs) {
      if (count > 0) at(nowMs).rejects += count;
    },
    heard(signal, nowMs) {
      const newest = at(nowMs);
      newest.looked = true;
      if (signal !== null) newest.signal = signal;
    },
    report(nowMs) {
      const now = Math.floor(nowMs / 1000);
      minute = minute.filter(({ second }) => second > now - seconds);
      return hearingOf(minute, now);
    },
  };
}

function hearingOf(minute: readonly Second[], now: number): ChannelHearing {
  const frames = sumOf(minute, ({ frames }) => frames);
  if (frames > 0) return { state: 'frames', text: `frames: ${frames} in the last minute` };
  const withSignal = new Set(
    minute
      .filter(({ signal }) => signal !== null)
      .flatMap(({ second }) => Array.from({ length: lateSeconds + 1 }, (_, late) => second + late)),
  );
  const during = minute.filter(({ second }) => withSignal.has(second));
  const failed = sumOf(during, ({ rejects }) => rejects);
  // Noise alone makes candidates too, in some framings several a second.
  const usual = (sumOf(minute, ({ rejects }) => rejects) - failed) / Math.max(1, minute.length - during.length);
  if (failed >= leastRejects && failed > timesAsMany * usual * during.length)
    return { state: 'failing', text: `frames fail their check (${failed} in the last minute)` };
  const recent = minute.filter(({ second, signal }) => signal !== null && second > now - signalSeconds);
  const signal = strongest(recent);
  if (signal !== null) return { state: 'signal', text: `${signalText(signal)}, but no sync` };
  return { state: 'nothing', text: minute.some(({ looked }) => looked) ? nothing : noSamples };
}

const nothing = 'no signal above the noise';
const noSamples = 'no samples to listen to in the last minute';

function sumOf(minute: readonly Second[], of: (second: Second) => number): number {
  return minute.reduce((sum, second) => sum + of(second), 0);
}

function strongest(minute: readonly Second[]): HeardSignal {
  return minute.reduce<HeardSignal>(
    (best, { signal }) => (best === null || (signal !== null && signal.snrDb > best.snrDb) ? signal : best),
    null,
  );
}

function signalText({ snrDb, offsetHz }: NonNullable<HeardSignal>): string {
  const strength = snrDb < 0.5 ? 'a signal as strong as the noise' : `a signal ${Math.round(snrDb)} dB above the noise`;
  const away = Math.abs(offsetHz);
  if (away < nearHz) return `${strength}, where it is expected`;
  const distance = away < 1000 ? `${Math.round(away / 10) * 10} Hz` : `${(away / 1000).toFixed(1)} kHz`;
  return `${strength}, ${distance} ${offsetHz > 0 ? 'above' : 'below'} where it is expected`;
}
