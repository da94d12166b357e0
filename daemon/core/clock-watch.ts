import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type Clock, earliestPlausibleMs, type Timers } from './clock.ts';

/** Whether this computer's clock is right, and what says so. Null: nothing tells. */
export interface ClockState {
  readonly synchronised: boolean | null;
  readonly source: string | null;
}

export interface ClockWatch {
  state(): ClockState;
  close(): void;
}

export interface ClockWatchDeps {
  readonly clock: Clock & Timers;
  /** Asks the system; the usual one asks systemd and chrony. */
  readonly ask: () => Promise<ClockState>;
  /** The clock was known to be wrong, and is not any more. */
  readonly onSet: (state: ClockState) => void;
}

/** A Pi without a battery is right some seconds after its network is there: frames should not wait long behind that. */
const soonMs = 10_000;
const seldomMs = 600_000;
const askTimeoutMs = 5000;

/** Watches whether the clock is synchronised. The first answer is waited for: the first frames need it. */
export async function watchClock({ clock, ask, onSet }: ClockWatchDeps): Promise<ClockWatch> {
  let state = await look();
  let closed = false;
  let cancel = () => {};

  async function look(): Promise<ClockState> {
    if (clock.now() < earliestPlausibleMs) return { synchronised: false, source: 'the year' };
    return ask();
  }

  function again(): void {
    if (closed) return;
    cancel = clock.after(state.synchronised === true ? seldomMs : soonMs, async () => {
      const before = state;
      state = await look();
      if (closed) return;
      if (before.synchronised === false && state.synchronised !== false) onSet(state);
      again();
    });
  }

  again();
  return {
    state() {
      // Between two looks the clock may have been read for the first time in 1970.
      return clock.now() < earliestPlausibleMs ? { synchronised: false, source: 'the year' } : state;
    },
    close() {
      closed = true;
      cancel();
    },
  };
}

/** Asks whoever disciplines the clock: systemd's timedated (which reads the kernel's flag), else chrony. Never throws. */
export async function askSystem(): Promise<ClockState> {
  const answer = await output('timedatectl', ['show', '--property=NTPSynchronized', '--value']);
  if (answer === 'yes' || answer === 'no') return { synchronised: answer === 'yes', source: 'timedatectl' };
  // Last field of the comma-separated form: the leap status.
  const leap = (await output('chronyc', ['-c', 'tracking']))?.split(',').at(-1);
  if (leap !== undefined && leap !== '') return { synchronised: leap !== 'Not synchronised', source: 'chrony' };
  return { synchronised: null, source: null };
}

function output(program: string, argv: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, argv, { timeout: askTimeoutMs }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : null),
    );
  });
}

/** Names the start of this computer; where the system has no name for it, this process. */
export function bootName(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return `process ${process.pid} of ${new Date(performance.timeOrigin).toISOString()}`;
  }
}
