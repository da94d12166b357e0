import { type BackOffLimits, backOff, usualBackOff } from '../../core/back-off.ts';
import { afterSilence } from '../../core/clock.ts';
import { StationError } from '../../core/error.ts';
import type { SdrSettingsOf } from '../../settings/settings.ts';
import { makeBlockQueue } from './block-queue.ts';
import { startChild } from './child.ts';
import { pause, type SourceDeps } from './deps.ts';
import { bytesPerSample, type SampleFormat, type Source, type SourceState, type Tuning } from './source.ts';

export type CommandSettings = Omit<SdrSettingsOf<'command'>, 'id' | 'receive'>;

export interface CommandOptions {
  /** A child that delivers nothing for this long is ended and started again, ms. Default 3000. */
  readonly stallMs?: number;
  readonly backOff?: BackOffLimits;
}

const BLOCK_S = 0.02;
/** A child that has delivered for this long was no failure: the next wait is short again, ms. */
const GOOD_MS = 5000;
/** Opening a device may take this long, ms. */
const START_MS = 15_000;
const placeholder = /\{(frequency|rate|gain|serial)\}/g;

/**
 * Any program whose standard output is IQ: rtl_sdr, rx_sdr, airspy_rx, hackrf_transfer. It is started again when it ends, and
 * when its command line says {frequency} or {rate} and the tuning changes. What it prints on standard error goes to the log.
 */
export function commandSource(settings: CommandSettings, deps: SourceDeps, options: CommandOptions = {}): Source {
  const { stallMs = 3000 } = options;
  const format = String(settings.format) as SampleFormat;
  const given = new Set(settings.command.flatMap((word) => [...word.matchAll(placeholder)].map((m) => m[1])));
  let tuning: Tuning = { centreHz: settings.centreHz ?? 0, sampleRate: settings.sampleRate };
  let state: SourceState = { at: 'closed' };
  let restartChild = () => {};

  function argv(): string[] {
    const values: Record<string, string> = {
      frequency: String(tuning.centreHz),
      rate: String(tuning.sampleRate),
      gain: typeof settings.gainDb === 'number' ? String(settings.gainDb) : '0', // rtl_sdr: 0 is automatic
      serial: settings.serial ?? '0',
    };
    return settings.command.map((word) => word.replace(placeholder, (_, name: string) => values[name]!));
  }

  async function* buffers(signal: AbortSignal) {
    const bytes = bytesPerSample[format];
    const queue = makeBlockQueue(bytes);
    const wait = backOff(options.backOff ?? usualBackOff, deps.random);
    const stop = new AbortController();
    const ended = () => stop.abort();
    signal.addEventListener('abort', ended);
    if (signal.aborted) stop.abort();
    let lastMs: number | null = null;

    /** One child from its start to its end; gives the reason, or null when only the tuning changed. */
    async function runOnce(): Promise<string | null> {
      queue.resize(tuning.sampleRate * BLOCK_S);
      const startMs = deps.clock.monotonic();
      let retuned = false;
      let first = true;
      let aliveMs = startMs;
      let stalled: string | null = null;
      const child = startChild(argv(), deps);
      const end = () => void child.stop();
      let cancelWatch = () => {};
      const watch = (): void => {
        const limitMs = first ? Math.max(START_MS, stallMs) : stallMs;
        const left = limitMs - (deps.clock.monotonic() - aliveMs);
        if (left > 0) cancelWatch = afterSilence(deps, Math.max(1, left), watch);
        else {
          stalled = `${settings.command[0]} delivered nothing for ${limitMs / 1000} s`;
          end();
        }
      };
      watch();
      child.stdout.on('data', (data: Uint8Array) => {
        const now = deps.clock.monotonic();
        aliveMs = now;
        if (first) {
          first = false;
          cancelWatch(); // from here on it must be quicker
          watch();
          state = { at: 'streaming' };
          deps.log({ level: 'info', event: 'opened', message: `${settings.command[0]} delivers samples` });
          if (lastMs !== null) queue.restart(queue.nextSample + ((now - lastMs) / 1000) * tuning.sampleRate);
        }
        lastMs = now;
        if (now - startMs > GOOD_MS) wait.reset();
        queue.push(data);
      });
      child.stdout.on('error', () => {}); // its end is told by `ended`
      restartChild = () => {
        retuned = true;
        end();
      };
      stop.signal.addEventListener('abort', end);
      if (stop.signal.aborted) end();
      const reason = await child.ended;
      cancelWatch();
      stop.signal.removeEventListener('abort', end);
      restartChild = () => {};
      return retuned ? null : (stalled ?? reason);
    }

    async function keepRunning(): Promise<void> {
      while (!stop.signal.aborted) {
        state = { at: 'opening' };
        const reason = await runOnce();
        if (stop.signal.aborted) break;
        if (reason === null) continue;
        const retryInMs = wait.next();
        state = { at: 'waiting', reason, retryInMs };
        deps.log({ level: 'warn', event: 'interrupted', message: reason, details: { retryInMs } });
        await pause(deps.timers, retryInMs, stop.signal);
      }
    }

    const running = keepRunning().finally(() => queue.end());
    try {
      for (let block = await queue.next(); block; block = await queue.next()) yield block;
    } finally {
      stop.abort();
      signal.removeEventListener('abort', ended);
      await running;
      state = { at: 'closed' };
    }
  }

  return {
    kind: 'command',
    simulated: false,
    format,
    lossless: false,
    get state() {
      return state;
    },
    async tune(want) {
      if (!(want.centreHz >= 0 && want.sampleRate > 0))
        throw new StationError('TUNING_IMPOSSIBLE', `${want.centreHz} Hz at ${want.sampleRate} S/s is no tuning`);
      // What the command line does not take can't be changed.
      const next = {
        centreHz: given.has('frequency') ? Math.round(want.centreHz) : (settings.centreHz ?? Math.round(want.centreHz)),
        sampleRate: given.has('rate') ? Math.round(want.sampleRate) : settings.sampleRate,
      };
      const changed = next.centreHz !== tuning.centreHz || next.sampleRate !== tuning.sampleRate;
      tuning = next;
      if (changed && (given.has('frequency') || given.has('rate'))) restartChild();
      return tuning;
    },
    buffers,
  };
}
