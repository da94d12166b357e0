/** A WebSocket that comes back by itself. */
export interface Stream {
  send(text: string): void;
  close(): void;
}

export interface StreamEvents {
  /** Asked at every connection: where to connect to. */
  readonly path: () => string;
  readonly opened?: () => void;
  /** The connection ended; another one is tried. */
  readonly closed?: (code: number) => void;
  readonly message: (data: string | ArrayBuffer) => void;
}

const firstWaitMs = 500;
const longestWaitMs = 10_000;

export function openStream({ path, opened, closed: ended, message }: StreamEvents): Stream {
  let socket: WebSocket | null = null;
  let wait = firstWaitMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  function connect(): void {
    const url = new URL(`/api/${path()}`, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      wait = firstWaitMs;
      opened?.();
    };
    socket.onmessage = ({ data }) => message(data as string | ArrayBuffer);
    socket.onclose = ({ code }) => {
      if (closed) return;
      ended?.(code);
      timer = setTimeout(connect, wait * (0.5 + 0.5 * Math.random()));
      wait = Math.min(2 * wait, longestWaitMs);
    };
  }

  connect();
  return {
    send(text) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(text);
    },
    close() {
      closed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}
