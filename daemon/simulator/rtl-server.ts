import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type Clock, systemClock } from '../core/clock.ts';
import { COMMAND_BYTES, greeting, rtlCommands } from '../drivers/sdr/rtl-protocol.ts';
import type { Scene, TransmittedFrame } from './scene.ts';
import { makeSynthesizer } from './synthesizer.ts';

export interface RtlServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly scene: Scene;
  /** Until a client asks for others, as the real server. */
  readonly sampleRate?: number;
  readonly centreHz?: number;
  /** The sky stands still while no client reads, and nothing is dropped. */
  readonly lossless: boolean;
  /** Not paced: as fast as the client reads; lossless. */
  readonly fast: boolean;
  /** The stream ends after this time, s. */
  readonly durationS?: number;
  /** The stream ends this long after the last frame, where the signals' frames are limited, s. Default 1. */
  readonly tailS?: number;
  readonly transmitted?: (frame: TransmittedFrame) => void;
  readonly clock?: Clock;
}

export interface RtlServer {
  readonly port: number;
  /** Samples thrown away because the client did not read. */
  readonly droppedSamples: number;
  /** Resolves when the stream has come to its end, or after `stop`. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

const R820T = 5;
const GAINS = 29;
const DEFAULT_RATE = 2_048_000;
const BLOCK_S = 0.02;
/** What waits in the socket before samples are dropped, bytes: the real server's 500 buffers are more, this is 1.7 s. */
const MOST_WAITING = 8 * 2 ** 20;
/**
 * A lossless stream waits that long for the client's first rate and frequency, so that no frame goes by untuned, ms. A station on
 * a busy computer needs seconds from its connection to its commands.
 */
const TUNING_MS = 10_000;
/** Further clients wait, unanswered, for the one before to leave, as with the real server's listen queue. */
const MOST_CLIENTS = 4;

/**
 * An rtl_tcp server that plays a scene: greets, obeys rate and frequency, test mode, takes all other commands without effect,
 * and serves one client at a time. At real time the pass goes on without a client; lossless, it waits for one.
 * @throws a system error with `code` when it can't listen
 */
export async function startRtlServer(options: RtlServerOptions): Promise<RtlServer> {
  const { clock = systemClock, durationS = Number.POSITIVE_INFINITY, tailS = 1 } = options;
  const lossless = options.lossless || options.fast;
  const synthesizer = makeSynthesizer({
    scene: options.scene,
    format: 'cu8',
    ...(options.transmitted ? { transmitted: options.transmitted } : {}),
  });
  let sampleRate = options.sampleRate ?? DEFAULT_RATE;
  let centreHz = options.centreHz ?? 100e6;
  synthesizer.tune(centreHz, sampleRate);
  let testMode = false;
  let counter = 0;
  let dropped = 0;
  let endS = durationS;
  // Real time: stream second `timeS` was due at `dueMs`.
  let anchor: { timeS: number; ms: number } | null = null;
  const stopping = new AbortController();
  let finish = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const waiting: Socket[] = [];
  let busy = false;

  function obey(command: number, argument: number): void {
    if (command === rtlCommands.frequency) centreHz = argument;
    else if (command === rtlCommands.sampleRate) sampleRate = argument;
    else if (command === rtlCommands.testMode) testMode = argument === 1;
    else return;
    if (sampleRate >= 1000 && sampleRate <= 20e6) synthesizer.tune(centreHz, sampleRate);
    anchor = null;
  }

  async function serve(socket: Socket): Promise<void> {
    const gone = new AbortController();
    const leave = () => gone.abort();
    socket.once('close', leave);
    socket.once('error', leave);
    stopping.signal.addEventListener('abort', () => socket.destroy(), { signal: gone.signal });
    const tuned = { rate: false, frequency: false };
    const pending = new Uint8Array(COMMAND_BYTES);
    let have = 0;
    socket.on('data', (data: Uint8Array) => {
      for (const byte of data) {
        pending[have++] = byte;
        if (have < COMMAND_BYTES) continue;
        have = 0;
        tuned.rate ||= pending[0] === rtlCommands.sampleRate;
        tuned.frequency ||= pending[0] === rtlCommands.frequency;
        obey(pending[0]!, new DataView(pending.buffer).getUint32(1));
      }
    });
    socket.on('end', () => socket.destroy());
    socket.write(greeting(R820T, GAINS));
    const patience = clock.monotonic() + TUNING_MS;
    while (lossless && !(tuned.rate && tuned.frequency) && clock.monotonic() < patience && !gone.signal.aborted)
      await sleep(5);
    if (!lossless && anchor) {
      // Time went on without a client.
      const away = anchor.timeS + (clock.monotonic() - anchor.ms) / 1000 - synthesizer.timeS;
      if (away > 0) synthesizer.skip(Math.round(away * sampleRate));
    } else anchor = null;
    await stream(socket, gone.signal);
    socket.end();
    socket.off('close', leave);
    gone.abort();
  }

  async function stream(socket: Socket, gone: AbortSignal): Promise<void> {
    const pool: Uint8Array[] = [];
    const drained = () => once(socket, 'drain', { signal: gone }).catch(() => {}); // or gone
    while (!gone.aborted && !stopping.signal.aborted) {
      if (synthesizer.finished) endS = Math.min(endS, synthesizer.timeS + tailS);
      if (synthesizer.timeS >= endS) return over(socket);
      anchor ??= { timeS: synthesizer.timeS, ms: clock.monotonic() };
      const dueMs = anchor.ms + (synthesizer.timeS - anchor.timeS + BLOCK_S) * 1000;
      // Even a fast stream lets commands in between its blocks.
      await sleep(options.fast ? 0 : dueMs - clock.monotonic());
      if (gone.aborted) return;
      const samples = Math.round(sampleRate * BLOCK_S);
      if (socket.writableLength > MOST_WAITING) {
        if (lossless) await drained();
        else {
          synthesizer.skip(samples);
          dropped += samples;
        }
        continue;
      }
      let block = pool.pop();
      if (block?.length !== 2 * samples) block = new Uint8Array(2 * samples);
      synthesizer.fill(block);
      if (testMode) for (let i = 0; i < block.length; i++) block[i] = counter++ & 0xff;
      const sent = block;
      socket.write(sent, () => pool.push(sent));
      if (options.fast && socket.writableNeedDrain) await drained();
    }
  }

  /** The last samples are delivered before the connection ends. */
  async function over(socket: Socket): Promise<void> {
    await new Promise<void>((resolve) => {
      socket.once('close', resolve);
      socket.end(resolve);
    });
    finish();
  }

  async function take(): Promise<void> {
    if (busy) return;
    busy = true;
    for (let socket = waiting.shift(); socket; socket = waiting.shift()) {
      if (!socket.destroyed && !stopping.signal.aborted) await serve(socket);
    }
    busy = false;
  }

  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    if (waiting.length >= MOST_CLIENTS) return socket.destroy();
    waiting.push(socket);
    void take();
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    get droppedSamples() {
      return dropped;
    },
    done,
    async stop() {
      stopping.abort();
      for (const socket of waiting) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      finish();
    },
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (ms <= 0) setImmediate(resolve);
    else setTimeout(resolve, ms);
  });
}
