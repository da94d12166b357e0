import {
  decodeLive,
  type LiveChannel,
  type LiveRow,
  type LiveText,
  type LiveWish,
} from '../../../daemon/api/live-wire.ts';
import { openStream } from '../stream.ts';

export interface LiveEvents {
  readonly text: (message: LiveText) => void;
  /** Those of the time before come first. */
  readonly row: (row: LiveRow) => void;
  readonly channel: (look: LiveChannel) => void;
}

export interface LiveFeed {
  /** What is wanted from now on. */
  want(wish: LiveWish): void;
  close(): void;
}

/** A drag changes the wish at every move. */
const gatherMs = 150;

/** The live stream of the station. Nothing is asked for while nobody looks at the tab. */
export function openLiveFeed(events: LiveEvents): LiveFeed {
  let wanted: LiveWish = {};
  let told = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  const stream = openStream({
    path: () => 'live/stream',
    opened() {
      told = '';
      tell();
    },
    message(data) {
      if (typeof data === 'string') return events.text(JSON.parse(data) as LiveText);
      const message = decodeLive(data);
      if (message.kind === 'channel') events.channel(message);
      else events.row(message);
    },
  });

  function tell(): void {
    clearTimeout(timer);
    timer = undefined;
    const text = JSON.stringify(document.hidden ? {} : wanted);
    if (text === told) return;
    told = text;
    stream.send(text);
  }
  document.addEventListener('visibilitychange', tell);

  return {
    want(wish) {
      wanted = wish;
      timer ??= setTimeout(tell, gatherMs);
    },
    close() {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', tell);
      stream.close();
    },
  };
}
