import { type ChildProcess, spawn } from 'node:child_process';
import { type Clock, systemClock, systemTimers, type Timers } from '../../core/clock.ts';
import type { Satellite } from '../../satellites/satellite.ts';

/** Something worth a line in the log. */
export interface SourceEvent {
  readonly level: 'info' | 'warn';
  readonly event: 'opened' | 'interrupted' | 'childOutput' | 'samplesLost' | 'ended';
  /** One clear line. */
  readonly message: string;
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/** The world, as sources see it. */
export interface SourceDeps {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Uniform in [0, 1): jitter of the back-off. */
  readonly random: () => number;
  readonly spawn: (argv: readonly string[]) => ChildProcess;
  readonly log: (event: SourceEvent) => void;
  /** What a name in the simulator's settings stands for. @throws with one clear line when nothing does */
  readonly findSatellite: (nameOrNorad: string) => Satellite;
}

/** The real world; log and satellites are the caller's. */
export function systemDeps(own: Pick<SourceDeps, 'log' | 'findSatellite'>): SourceDeps {
  return {
    clock: systemClock,
    timers: systemTimers,
    random: Math.random,
    // No shell: a serial number or path is never taken apart. The child gets no standard input.
    spawn: (argv) => spawn(argv[0]!, argv.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] }),
    ...own,
  };
}

/** Resolves after `ms`, or at once when the signal aborts. */
export function pause(timers: Timers, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = timers.after(ms, done);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done);
  });
}
