import type { WebSocket } from 'ws';

/**
 * Whether the other end of a WebSocket is still there. The function that it gives is to be called often: it pings every `pingMs`, and
 * cuts off a client that did not answer the ping before.
 */
export function heartbeat(socket: WebSocket, pingMs: number): () => void {
  let alive = true;
  let pingedAt = performance.now();
  socket.on('pong', () => {
    alive = true;
  });
  return () => {
    const now = performance.now();
    if (now - pingedAt <= pingMs) return;
    if (!alive) {
      socket.terminate();
      return;
    }
    alive = false;
    pingedAt = now;
    socket.ping();
  };
}
