import { signal } from '@preact/signals';
import type { FramesPage, StatusReport, StoredFrame, TrackingState } from '../../daemon/api/wire.ts';
import { get } from './api.ts';
import { openStream, retryStreams } from './stream.ts';

/** What the whole page knows of the station, kept up to date as long as it is open. */
export const status = signal<StatusReport | null>(null);
export const tracking = signal<TrackingState | null>(null);
/** Whether the station tracks any satellite; null until it is known. */
export const tracks = signal<boolean | null>(null);
/** The newest last; not more than `mostFrames`. */
export const frames = signal<readonly StoredFrame[]>([]);
/** When the station was heard of last, ms of this tab's clock. */
export const heardAt = signal(Number.NEGATIVE_INFINITY);
/** How far the station's clock, which may be another day's, is ahead of this tab's, ms. */
export const clockAheadMs = signal(0);
/** Now, told every second. */
export const tick = signal(Date.now());

/** The stream of the tracking ends with it where no satellite is tracked. */
const noTrackingCode = 4004;
/** Then it is asked again so late: a station begins to track with a new start, and that is seen. */
const untrackedWaitMs = 60_000;
const mostFrames = 10_000;
const framesAtStart = 500;
const statusEveryMs = 2000;
/** No station runs as short as that before it begins anew; what it says of its beginning differs less. */
const beganAnewMs = 500;
/** A station that stopped and began anew with another ledger numbers its frames anew. */
let ledger: string | null = null;
let lastSeq: number | null = null;
let arrived: StoredFrame[] = [];

export function secondsSinceHeard(): number {
  return Math.floor((performance.now() - heardAt.value) / 1000);
}

/** Begins to follow the station; never ends. @returns settled when it has reported for the first time */
export function followStation(): Promise<void> {
  setInterval(() => {
    tick.value = Date.now();
  }, 1000);
  return new Promise((resolve) => void followStatus(resolve));
}

/** Begins to follow where satellites and antennas are; never ends. */
export function followTracking(): void {
  openStream({
    path: () => 'tracking/stream',
    closed(code) {
      if (code !== noTrackingCode) return;
      tracks.value = false;
      tracking.value = null;
      return untrackedWaitMs;
    },
    message(data) {
      heard();
      tracks.value = true;
      tracking.value = JSON.parse(data as string) as TrackingState;
    },
  });
}

/** When the station began, by its own clock. Its uptime alone may be longer than the last one heard of a station that began just then. */
const beganMs = ({ clock, uptime_s }: StatusReport) => Date.parse(clock.time) - 1000 * uptime_s;

async function followStatus(reported: () => void): Promise<void> {
  let away = false;
  let following = false;
  for (;;) {
    try {
      const report = await get<StatusReport>('status', AbortSignal.timeout(5000));
      heard();
      // It began anew, which may have been too quick to be seen as away.
      const anew = status.value !== null && beganMs(report) - beganMs(status.value) > beganAnewMs;
      status.value = report;
      clockAheadMs.value = Date.parse(report.clock.time) - Date.now();
      reported();
      if (ledger !== report.ledger.id) {
        ledger = report.ledger.id;
        frames.value = [];
        lastSeq = Math.max(0, report.ledger.last_seq - framesAtStart);
        const page = await get<FramesPage>(`frames?since=${lastSeq}&limit=${framesAtStart}`);
        take(page.frames);
        if (!following) followFrames();
        following = true;
      }
      // The station may have been away, and streams wait longer and longer. Only now: a new ledger has other numbers.
      if (away || anew) retryStreams();
      away = false;
    } catch {
      away = true;
      // Shown by how long ago the station was heard.
    }
    await new Promise((resolve) => setTimeout(resolve, statusEveryMs));
  }
}

function followFrames(): void {
  openStream({
    path: () => `frames/stream?since=${lastSeq ?? 0}`,
    message(data) {
      heard();
      if (arrived.length === 0) setTimeout(takeArrived, 100);
      arrived.push(JSON.parse(data as string) as StoredFrame);
    },
  });
}

/** Frames that come at once are shown at once: a hundred are one change. */
function takeArrived(): void {
  const all = arrived;
  arrived = [];
  take(all);
}

function take(more: readonly StoredFrame[]): void {
  const fresh = more.filter(({ seq }) => lastSeq === null || seq > lastSeq);
  if (fresh.length === 0) return;
  lastSeq = fresh.at(-1)!.seq;
  frames.value = [...frames.value, ...fresh].slice(-mostFrames);
}

function heard(): void {
  heardAt.value = performance.now();
}
