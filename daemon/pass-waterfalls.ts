import type { Clock } from './core/clock.ts';
import type { Log } from './core/log.ts';
import type { LiveFeed } from './receiver/live-feed.ts';
import type { SpectrumRow } from './receiver/live-order.ts';
import { waterfallPicture } from './recording/waterfall-picture.ts';
import type { PassOutcome } from './station/runner.ts';
import type { WaterfallStore } from './store/waterfall-store.ts';

/** Keeps the rows of the captures under way, and makes a picture of each pass that is over. */
export interface PassWaterfalls {
  /** A capture begins; the one before on this SDR is forgotten. */
  begin(sdr: string): CaptureRows;
  /** A part of a pass is over: its picture is written. Without rows (a simulator that hands over no samples) there is none. */
  over(outcome: Pick<PassOutcome, 'pass' | 'sdr' | 'fromMs' | 'toMs'>): Promise<void>;
}

export interface CaptureRows {
  /** @param channels those of the row, in its order */
  add(row: SpectrumRow, channels: LiveFeed['channels']): void;
}

interface KeptRow {
  readonly timeMs: number;
  readonly levels: Uint8Array;
  readonly channelsHz: Float64Array;
}

interface Kept {
  rows: KeptRow[];
  /** What the rows have in common. */
  frame: Pick<SpectrumRow, 'lowHz' | 'highHz' | 'stepDb'> & { readonly channels: LiveFeed['channels'] };
  /** Of so many rows that come, one is kept. */
  together: number;
  waiting: KeptRow[];
}

/** A capture that lasts longer keeps rows of twice the time. */
const mostRows = 2400;
const leastRows = 3;

export function makePassWaterfalls(store: WaterfallStore, clock: Clock, log: Log): PassWaterfalls {
  const captures = new Map<string, Kept>();
  return {
    begin(sdr) {
      captures.delete(sdr);
      return {
        add(row, channels) {
          const { lowHz, highHz, stepDb } = row;
          const kept = captures.get(sdr) ?? {
            ...{ rows: [], together: 1, waiting: [], frame: { lowHz, highHz, stepDb, channels } },
          };
          captures.set(sdr, kept);
          addRow(kept, { ...row, timeMs: row.timeMs ?? clock.now() });
        },
      };
    },
    async over({ pass, sdr, fromMs, toMs }) {
      const kept = sdr === null ? undefined : captures.get(sdr);
      const rows = kept?.rows.filter(({ timeMs }) => timeMs >= fromMs && timeMs <= toMs) ?? [];
      if (kept === undefined || rows.length < leastRows) return;
      const { channels, ...frame } = kept.frame;
      const own = channels.flatMap(({ satellite }, i) => (satellite === pass.satellite ? [i] : []));
      try {
        const picture = waterfallPicture({
          ...frame,
          rows: rows.map(({ levels, channelsHz }) => ({ levels, linesHz: own.map((i) => channelsHz[i]!) })),
        });
        await store.keep(pass.key, picture);
      } catch (error) {
        log.error({ err: error, pass: pass.key }, 'the picture of a pass could not be kept');
      }
    },
  };
}

function addRow(kept: Kept, row: KeptRow): void {
  kept.waiting.push(row);
  if (kept.waiting.length < kept.together) return;
  kept.rows.push(merged(kept.waiting));
  kept.waiting = [];
  if (kept.rows.length < mostRows) return;
  kept.rows = Array.from({ length: mostRows / 2 }, (_, i) => merged(kept.rows.slice(2 * i, 2 * i + 2)));
  kept.together *= 2;
}

/** The strongest of each column. */
function merged(rows: readonly KeptRow[]): KeptRow {
  const { timeMs, channelsHz, levels } = rows[0]!;
  return { timeMs, channelsHz, levels: levels.map((_, k) => Math.max(...rows.map((row) => row.levels[k]!))) };
}
