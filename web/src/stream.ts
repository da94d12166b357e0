/** Of the browser; all that is needed here, so that tests without one can have it. */
declare const location: { readonly href: string };

/** A WebSocket that comes back by itself. */
export interface Stream {
  send(text: string): void;
  close(): void;
}

export interface StreamEvents {
  /** Asked at every connection: where to connect to. */
  readonly path: () => string;
  readonly opened?: () => void;
  /** The connection ended; another one is tried. @returns after how many ms; nothing: soon, then less and less often */
  readonly closed?: (code: number) => number | undefined;
  readonly message: (data: string | ArrayBuffer) => void;
}

const firstWaitMs = 500;
const longestWaitMs = 10_000;
/** Of every stream that is open: connects at once where it waits to connect again. */
const retries = new Set<() => void>();

/** The station answers, or is another one than before: streams that wait connect at once. */
export function retryStreams(): void {
  for (const retry of retries) retry();
}

export function openStream({ path, opened, closed: ended, message }: StreamEvents): Stream {
  let socket: WebSocket | null = null;
  let wait = firstWaitMs;
  /** Set while it waits to connect again. */
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function connect(): void {
    timer = undefined;
    const url = new URL(`/api/${path()}`, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => opened?.();
    socket.onmessage = ({ data }) => {
      // Not when it opens: a station may open it only to say that it has nothing to tell.
      wait = firstWaitMs;
      message(data as string | ArrayBuffer);
    };
    socket.onclose = ({ code }) => {
      if (closed) return;
      const waitMs = ended?.(code);
      timer = setTimeout(connect, waitMs ?? wait * (0.5 + 0.5 * Math.random()));
      if (waitMs === undefined) wait = Math.min(2 * wait, longestWaitMs);
    };
  }
  function retryNow(): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    wait = firstWaitMs;
    connect();
  }

  retries.add(retryNow);
  connect();
  return {
    send(text) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(text);
    },
    close() {
      closed = true;
      retries.delete(retryNow);
      clearTimeout(timer);
      socket?.close();
    },
  };
}
