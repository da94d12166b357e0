import { connect, type Socket } from 'node:net';
import { afterSilence } from '../../core/clock.ts';
import { networkReason } from '../../core/network-error.ts';
import type { SourceDeps } from './deps.ts';
import { GREETING_BYTES, type RtlCommand, readGreeting, rtlCommand } from './rtl-protocol.ts';

/** One connection to an rtl_tcp server. */
export interface RtlSession {
  /** Resolves when it is over, with the reason in one line. Never rejects. */
  readonly ended: Promise<string>;
  send(command: RtlCommand, argument: number): void;
  close(): void;
}

export interface RtlSessionOptions {
  readonly host: string;
  readonly port: number;
  /** Without greeting or samples for this long the connection is given up, ms. */
  readonly stallMs: number;
  /** The greeting was right: time to send commands. */
  greeted(session: RtlSession, tuner: string): void;
  /** Bytes behind the greeting; valid during the call only. */
  samples(bytes: Uint8Array): void;
}

const READ_BYTES = 2 ** 16;

/** Connects, checks the greeting, hands on the bytes, and watches that they keep coming. */
export function openRtlSession(options: RtlSessionOptions, deps: Pick<SourceDeps, 'timers' | 'clock'>): RtlSession {
  const { host, port, stallMs } = options;
  const where = `rtl_tcp at ${host}:${port}`;
  const head = new Uint8Array(GREETING_BYTES);
  let headBytes = 0;
  let lastMs = deps.clock.monotonic();
  let cancelWatch = () => {};
  let over: (reason: string) => void = () => {};
  const ended = new Promise<string>((resolve) => {
    over = resolve;
  });
  const finish = (reason: string) => {
    cancelWatch();
    socket.destroy();
    over(reason);
  };

  function received(bytes: Uint8Array): void {
    lastMs = deps.clock.monotonic();
    let at = 0;
    if (headBytes < GREETING_BYTES) {
      at = Math.min(bytes.length, GREETING_BYTES - headBytes);
      head.set(bytes.subarray(0, at), headBytes);
      headBytes += at;
      if (headBytes < GREETING_BYTES) return;
      const tuner = readGreeting(head);
      if (tuner === null) {
        finish(`${host}:${port} is no rtl_tcp server: its greeting is wrong`);
        return;
      }
      options.greeted(session, tuner);
    }
    if (at < bytes.length) options.samples(bytes.subarray(at));
  }

  // One buffer for the whole connection: nothing is allocated per read.
  const buffer = new Uint8Array(READ_BYTES);
  const socket: Socket = connect({
    host,
    port,
    onread: {
      buffer,
      callback: (n) => {
        if (!socket.destroyed) received(buffer.subarray(0, n));
        return true;
      },
    },
  });
  socket.setNoDelay(true);
  socket.once('error', (cause: Error) => finish(`${where}: ${networkReason(cause)}`));
  socket.once('end', () =>
    finish(`${where} closed the connection${headBytes < GREETING_BYTES ? ' before its greeting' : ''}`),
  );
  socket.once('close', () => finish(`${where} closed the connection`));

  function watch(): void {
    const left = stallMs - (deps.clock.monotonic() - lastMs);
    if (left > 0) cancelWatch = afterSilence(deps, Math.max(1, left), watch);
    else finish(`${where} sent nothing for ${stallMs / 1000} s`);
  }
  watch();

  const session: RtlSession = {
    ended,
    send(command, argument) {
      if (!socket.destroyed) socket.write(rtlCommand(command, argument));
    },
    close: () => finish('closed'),
  };
  return session;
}
