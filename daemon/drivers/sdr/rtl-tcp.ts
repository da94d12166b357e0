import { createServer } from 'node:net';
import { type BackOffLimits, backOff, usualBackOff } from '../../core/back-off.ts';
import { StationError } from '../../core/error.ts';
import type { SdrSettingsOf } from '../../settings/settings.ts';
import { makeBlockQueue } from './block-queue.ts';
import { type Child, startChild } from './child.ts';
import { pause, type SourceDeps } from './deps.ts';
import { lossEstimate } from './loss-estimate.ts';
import { possibleSampleRate } from './rtl-protocol.ts';
import { openRtlSession, type RtlSession } from './rtl-session.ts';
import { bytesPerSample, type Source, type SourceState, type Tuning } from './source.ts';

export type RtlTcpSettings = Omit<SdrSettingsOf<'rtl_tcp'>, 'id' | 'receive'>;

export interface RtlTcpOptions {
  /** No byte for this long: the connection is given up and made anew. Default 3000. */
  readonly stallMs?: number;
  readonly backOff?: BackOffLimits;
}

const DEFAULT_RATE = 2_400_000;
/** Blocks given to the reader last this long, s. */
const BLOCK_S = 0.02;
/** A started program needs this long to open its dongle and listen, ms. */
const START_MS = 10_000;
const CONNECT_EVERY_MS = 200;

/**
 * An RTL-SDR behind rtl_tcp, over TCP. Where no host is given, the program rtl_tcp is started here, on the dongle with the wanted
 * serial number, and started again when it fails. The protocol acknowledges nothing: `tune` gives what was asked, samples that
 * were already under way still come from the old tuning, and losses within the server show against the clock only.
 */
export function rtlTcpSource(settings: RtlTcpSettings, deps: SourceDeps, options: RtlTcpOptions = {}): Source {
  const { stallMs = 3000 } = options;
  const supervised = settings.supervise ?? settings.host === undefined;
  const host = settings.host ?? '127.0.0.1';
  let tuning: Tuning = { centreHz: settings.centreHz ?? 0, sampleRate: settings.sampleRate ?? DEFAULT_RATE };
  let state: SourceState = { at: 'closed' };
  let session: RtlSession | null = null;
  let retuned = () => {};
  let estimatedLost = 0;

  function sendTuning(to: RtlSession): void {
    to.send('sampleRate', tuning.sampleRate);
    to.send('frequency', tuning.centreHz);
  }

  function setUp(to: RtlSession): void {
    if (settings.directSampling !== undefined)
      to.send('directSampling', ['off', 'i', 'q'].indexOf(String(settings.directSampling)));
    sendTuning(to);
    if (settings.ppm) to.send('ppm', settings.ppm);
    to.send('agc', settings.agc ? 1 : 0);
    if (typeof settings.gainDb === 'number') {
      to.send('gainMode', 1);
      to.send('gain', Math.round(10 * settings.gainDb));
    } else to.send('gainMode', 0);
    if (settings.biasTee !== undefined) to.send('biasTee', settings.biasTee ? 1 : 0);
  }

  async function* buffers(signal: AbortSignal) {
    const queue = makeBlockQueue(bytesPerSample.cu8);
    const wait = backOff(options.backOff ?? usualBackOff, deps.random);
    const loss = lossEstimate(() => tuning.sampleRate);
    const stop = new AbortController();
    const ended = () => stop.abort();
    signal.addEventListener('abort', ended);
    if (signal.aborted) stop.abort();
    let lastMs: number | null = null; // of the last byte
    queue.resize(tuning.sampleRate * BLOCK_S);
    retuned = () => {
      queue.restart(queue.nextSample);
      queue.resize(tuning.sampleRate * BLOCK_S);
      loss.restart();
    };

    /** One connection from its start to its end; gives the reason of the end. */
    async function connectOnce(port: number): Promise<string> {
      let first = true;
      const opened = openRtlSession(
        {
          host,
          port,
          stallMs,
          greeted(to, tuner) {
            session = to;
            setUp(to);
            state = { at: 'streaming' };
            deps.log({ level: 'info', event: 'opened', message: `rtl_tcp at ${host}:${port} has an ${tuner} tuner` });
          },
          samples(bytes) {
            const now = deps.clock.monotonic();
            if (first) {
              first = false;
              wait.reset();
              const away = lastMs === null ? 0 : ((now - lastMs) / 1000) * tuning.sampleRate;
              if (lastMs !== null) queue.restart(queue.nextSample + away);
              loss.restart();
            }
            lastMs = now;
            queue.push(bytes);
            const lost = loss.arrived(queue.nextSample, now);
            if (lost === 0) return;
            estimatedLost += lost;
            const message = `about ${lost} samples were lost before they came here`;
            deps.log({ level: 'warn', event: 'samplesLost', message, details: { lost, total: estimatedLost } });
          },
        },
        deps,
      );
      const close = () => opened.close();
      stop.signal.addEventListener('abort', close);
      if (stop.signal.aborted) close();
      const reason = await opened.ended;
      stop.signal.removeEventListener('abort', close);
      session = null;
      return reason;
    }

    async function superviseOnce(): Promise<string> {
      const port = settings.port ?? (await freePort());
      const child = startChild(childArgv(settings, port), deps);
      try {
        return await Promise.race([child.ended, connectWhenReady(port, child)]);
      } finally {
        session?.close();
        await child.stop();
      }
    }

    /** The program listens some time after its start. */
    async function connectWhenReady(port: number, child: Child): Promise<string> {
      let gone = false;
      void child.ended.then(() => {
        gone = true;
      });
      const giveUp = deps.clock.monotonic() + START_MS;
      for (;;) {
        const before = lastMs;
        const reason = await connectOnce(port);
        const refused = reason.includes('connection refused') && lastMs === before;
        if (refused && deps.clock.monotonic() < giveUp) await pause(deps.timers, CONNECT_EVERY_MS, stop.signal);
        if (!refused || gone || stop.signal.aborted || deps.clock.monotonic() >= giveUp) return reason;
      }
    }

    async function keepConnected(): Promise<void> {
      while (!stop.signal.aborted) {
        state = { at: 'opening' };
        const reason = supervised ? await superviseOnce() : await connectOnce(settings.port ?? 1234);
        if (stop.signal.aborted) break;
        const retryInMs = wait.next();
        state = { at: 'waiting', reason, retryInMs };
        deps.log({ level: 'warn', event: 'interrupted', message: reason, details: { retryInMs } });
        await pause(deps.timers, retryInMs, stop.signal);
      }
    }

    const connection = keepConnected().finally(() => queue.end());
    try {
      for (let block = await queue.next(); block; block = await queue.next()) yield block;
    } finally {
      stop.abort();
      signal.removeEventListener('abort', ended);
      await connection;
      retuned = () => {};
      state = { at: 'closed' };
    }
  }

  return {
    kind: 'rtl_tcp',
    simulated: false,
    format: 'cu8',
    lossless: false,
    get state() {
      return state;
    },
    get estimatedLostSamples() {
      return estimatedLost;
    },
    async tune(want) {
      if (!possibleSampleRate(want.sampleRate))
        throw new StationError(
          'TUNING_IMPOSSIBLE',
          `sample rate ${want.sampleRate} S/s: an RTL-SDR can do 225001 to 300000 and 900001 to 3200000`,
        );
      if (!(want.centreHz >= 0 && want.centreHz < 2 ** 32))
        throw new StationError('TUNING_IMPOSSIBLE', `frequency ${want.centreHz} Hz can't be sent to rtl_tcp`);
      const next = { centreHz: Math.round(want.centreHz), sampleRate: Math.round(want.sampleRate) };
      const changed = next.centreHz !== tuning.centreHz || next.sampleRate !== tuning.sampleRate;
      tuning = next;
      if (changed) retuned();
      if (changed && session) sendTuning(session);
      return tuning;
    },
    buffers,
  };
}

/** Debian's rtl_tcp takes a serial number (or its start or end) where it takes a device number. */
function childArgv(settings: RtlTcpSettings, port: number): string[] {
  const device = settings.serial === undefined ? [] : ['-d', settings.serial];
  return ['rtl_tcp', '-a', '127.0.0.1', '-p', String(port), ...device];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
