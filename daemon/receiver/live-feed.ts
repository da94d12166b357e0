import type { ChannelLook } from '../../dsp/spectrum/channel-look.ts';
import type { LiveCapture } from '../api/live-wire.ts';
import type { LiveMessage, LiveOrder, RowOrder, SpectrumRow } from './live-order.ts';

/** Somebody who looks at a capture. */
export interface Watcher {
  readonly rows: RowOrder | null;
  /** Index of the channel that is looked into. */
  readonly channel: number | null;
  row(row: SpectrumRow): void;
  look(channel: number, timeMs: number | null, look: ChannelLook): void;
}

/** What one capture shows to any number of watchers; those who want the same rows share them. */
export interface LiveFeed {
  readonly centreHz: number;
  readonly sampleRate: number;
  readonly channels: LiveCapture['channels'];
  /** The newest rows of those that are made once a second whether anybody looks or not, the oldest first. */
  readonly past: readonly SpectrumRow[];
  /** @returns ends it */
  watch(watcher: Watcher): () => void;
}

const gatherMs = 20;
/** Two minutes of 512 columns are 60 kB. */
const mostPast = 120;

/** @param order tells the receiver's thread what is wanted */
export function makeLiveFeed(
  capture: Pick<LiveFeed, 'centreHz' | 'sampleRate' | 'channels'>,
  order: (order: LiveOrder) => void,
): { readonly feed: LiveFeed; message(message: LiveMessage): void } {
  const watchers = new Map<Watcher, string | null>();
  const ids = new Map<string, number>();
  const past: SpectrumRow[] = [];
  let nextId = 1;
  let told = '';
  let gathering = false;

  /** Wishes that come close together make one order: the thread begins its rows anew at each. */
  function changed(): void {
    if (gathering) return;
    gathering = true;
    setTimeout(tell, gatherMs);
  }

  function tell(): void {
    gathering = false;
    const keys = new Set(watchers.values());
    for (const key of ids.keys()) if (!keys.has(key)) ids.delete(key);
    const rows: (RowOrder & { id: number })[] = [];
    for (const [{ rows: wanted }, key] of watchers) {
      if (wanted === null || key === null) continue;
      const known = ids.get(key);
      if (known !== undefined && rows.some(({ id }) => id === known)) continue;
      const id = known ?? nextId++;
      ids.set(key, id);
      rows.push({ ...wanted, id });
    }
    const looks = [...new Set([...watchers.keys()].flatMap(({ channel }) => channel ?? []))];
    const text = JSON.stringify({ rows, looks });
    if (text === told) return;
    told = text;
    order({ rows, looks });
  }

  return {
    feed: {
      ...capture,
      past,
      watch(watcher) {
        watchers.set(watcher, watcher.rows && JSON.stringify(watcher.rows));
        changed();
        return () => {
          watchers.delete(watcher);
          changed();
        };
      },
    },
    message(message) {
      if (message.kind === 'second') {
        past.push(message.row);
        if (past.length > mostPast) past.shift();
        return;
      }
      for (const [watcher, key] of watchers) {
        if (message.kind === 'row' && key !== null && ids.get(key) === message.id) watcher.row(message.row);
        if (message.kind === 'look' && watcher.channel === message.channel)
          watcher.look(message.channel, message.timeMs, message.look);
      }
    },
  };
}
