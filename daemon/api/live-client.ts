import type { WebSocket } from 'ws';
import type { LiveFeed, Watcher } from '../receiver/live-feed.ts';
import { ApiError } from './error.ts';
import type { LiveSource } from './live-stream.ts';
import { encodeLiveChannel, encodeLiveRow, type LiveText, type LiveWish } from './live-wire.ts';
import { readLiveWish } from './live-wish.ts';

export interface LiveClient {
  /** What this SDR receives has changed. */
  changed(sdr: string): void;
  close(): void;
}

const mostBufferedBytes = 1 << 20;

/** One client of the live stream: its wish, and what it is sent of that. */
export function liveClient(socket: WebSocket, source: LiveSource): LiveClient {
  let wish: LiveWish = {};
  /** Of each SDR that it looks at, how to look away. */
  const looking = new Map<string, () => void>();
  /** Of each SDR whose rows it is sent, the capture. */
  const shown = new Map<string, number>();
  const rows = keepLatest(socket);
  const looks = keepLatest(socket);
  const tell = (text: LiveText | { readonly code: string; readonly message: string }) =>
    socket.send(JSON.stringify(text));

  function lookAway(sdr: string): void {
    looking.get(sdr)?.();
    looking.delete(sdr);
  }

  function sendPast(capture: number, { past }: LiveFeed, pastRows: number | undefined): void {
    if (pastRows === undefined) return;
    // One without a time has no place among the others.
    for (const { timeMs, ...row } of past.slice(-pastRows))
      if (timeMs !== null) socket.send(encodeLiveRow({ kind: 'past', capture, timeMs, ...row }));
  }

  /** @returns false when a channel is wished for that the capture does not have */
  function lookAt(sdr: string): boolean {
    lookAway(sdr);
    const state = source.of(sdr);
    if ('reason' in state) {
      shown.delete(sdr);
      tell({ kind: 'nothing', sdr, reason: state.reason });
      return true;
    }
    const { capture, feed } = state;
    const { centreHz, sampleRate, channels } = feed;
    tell({ kind: 'capture', capture, sdr, centreHz, sampleRate, channels });
    const channel = channelOf(wish, sdr, feed);
    if (wish.waterfall?.sdr !== sdr) shown.delete(sdr);
    else if (shown.get(sdr) !== capture) {
      shown.set(sdr, capture);
      sendPast(capture, feed, wish.waterfall.pastRows);
    }
    const watcher: Watcher = {
      rows: rowsOf(wish, sdr),
      channel,
      row: ({ timeMs, ...row }) =>
        rows.send(encodeLiveRow({ kind: 'row', capture, timeMs: timeMs ?? source.now(), ...row })),
      look: (index, timeMs, look) =>
        looks.send(
          encodeLiveChannel({ kind: 'channel', capture, channel: index, timeMs: timeMs ?? source.now(), ...look }),
        ),
    };
    looking.set(sdr, feed.watch(watcher));
    return wish.channel?.sdr !== sdr || channel !== null;
  }

  socket.on('message', (data, binary) => {
    // Who asks and asks, and takes no answer, must not fill the memory.
    if (socket.bufferedAmount > mostBufferedBytes) return socket.terminate();
    try {
      if (binary) throw new ApiError('BAD_QUERY', 'a wish is a text message of JSON');
      wish = readLiveWish(String(data));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      tell(error.answer);
      return;
    }
    for (const sdr of [...looking.keys()]) lookAway(sdr);
    const sdrs = sdrsOf(wish);
    for (const sdr of shown.keys()) if (!sdrs.includes(sdr)) shown.delete(sdr);
    const missing = sdrs.filter((sdr) => !lookAt(sdr));
    const { channel } = wish;
    if (missing.length > 0 && channel !== undefined)
      tell({
        code: 'NOT_FOUND',
        message: `'${channel.sdr}' does not receive '${channel.transmitter}' of ${channel.satellite} now`,
      });
  });

  return {
    changed(sdr) {
      if (sdrsOf(wish).includes(sdr)) lookAt(sdr);
    },
    close() {
      for (const sdr of [...looking.keys()]) lookAway(sdr);
    },
  };
}

function sdrsOf({ waterfall, channel }: LiveWish): string[] {
  return [...new Set([waterfall?.sdr, channel?.sdr].filter((sdr) => sdr !== undefined))];
}

function rowsOf({ waterfall }: LiveWish, sdr: string): Watcher['rows'] {
  if (waterfall?.sdr !== sdr) return null;
  const { sdr: _, pastRows: __, ...rows } = waterfall;
  return rows;
}

function channelOf({ channel }: LiveWish, sdr: string, { channels }: LiveFeed): number | null {
  if (channel?.sdr !== sdr) return null;
  const at = channels.findIndex(
    ({ satellite, transmitter }) => satellite === channel.satellite && transmitter === channel.transmitter,
  );
  return at < 0 ? null : at;
}

/** One message is on its way, at most one waits, and what is newer takes its place. */
function keepLatest(socket: WebSocket): { send(bytes: Uint8Array): void } {
  let waiting: Uint8Array | null = null;
  let underWay = false;
  function send(bytes: Uint8Array): void {
    if (socket.readyState !== socket.OPEN) return;
    if (underWay) {
      waiting = bytes;
      return;
    }
    underWay = true;
    socket.send(bytes, () => {
      underWay = false;
      const next = waiting;
      waiting = null;
      if (next !== null) send(next);
    });
  }
  return { send };
}
