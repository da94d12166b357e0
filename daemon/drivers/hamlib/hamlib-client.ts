import { connect, type Socket } from 'node:net';
import { type BackOffLimits, backOff, usualBackOff } from '../../core/back-off.ts';
import { afterSilence, type Clock, type Timers } from '../../core/clock.ts';
import { StationError, type StationErrorCode, systemCode } from '../../core/error.ts';
import { rprtMeaning } from './rprt.ts';

/** Something worth a line in the log. */
export interface HamlibEvent {
  readonly level: 'info' | 'warn';
  readonly event: 'connected' | 'disconnected';
  /** One clear line. */
  readonly message: string;
}

/** The world, as the client sees it. Sockets live in real time: so have to these timers, also where a station plays fast. */
export interface HamlibDeps {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Uniform in [0, 1): jitter of the back-off. */
  readonly random: () => number;
  readonly log?: (event: HamlibEvent) => void;
}

export interface HamlibOptions {
  readonly host: string;
  readonly port: number;
  readonly program: 'rotctld' | 'rigctld';
  /** An answer (or a connection) that takes longer is given up, ms. Default 2000. */
  readonly timeoutMs?: number;
  readonly backOff?: BackOffLimits;
}

export interface HamlibAnswer {
  /** The lines between the command and the number, trimmed. */
  readonly lines: readonly string[];
  /** 0 is success. */
  readonly rprt: number;
}

export interface HamlibClient {
  /** One command without its `+`, such as `\get_pos`. Resolves with whatever number the server gave. */
  ask(command: string): Promise<HamlibAnswer>;
  /** As `ask`, and rejects with _REFUSED unless the number is 0. */
  request(command: string): Promise<readonly string[]>;
  readonly where: string;
  readonly connected: boolean;
  /** Requests that wait are rejected. */
  close(): void;
}

/** A server that sends more than this without coming to an end is none; `\dump_caps` has 3 kB. */
const MOST_BYTES = 2 ** 16;
/** Requests that wait for the one before. */
const MOST_WAITING = 16;

type Trouble = 'UNREACHABLE' | 'TIMEOUT' | 'NONSENSE' | 'REFUSED' | 'BUSY';

/** The code of an error for the device behind the program. */
export function hamlibCode(program: HamlibOptions['program'], trouble: Trouble): StationErrorCode {
  return program === 'rotctld' ? `ROTATOR_${trouble}` : `RIG_${trouble}`;
}

/**
 * A client of hamlib's rotctld or rigctld, in the extended response protocol: a command with a `+` is answered by its name, a
 * line for each value, and `RPRT n`. One request at a time; it connects when one is to be sent. Every failure rejects the
 * request, with a StationError whose code begins with ROTATOR_ or RIG_:
 * - no connection, or the server closes it, also in the middle of an answer: UNREACHABLE. The next attempt is made by the first
 *   request after a back-off; until then requests are rejected at once, for the same reason;
 * - nothing or half a line within the time-out: TIMEOUT. The connection is given up, lest a late answer is taken for another's;
 * - 64 kB without `RPRT`, the answer to another command, or bytes nobody asked for: NONSENSE, and the connection is given up;
 * - `RPRT` with another number than 0: REFUSED; the connection stays;
 * - 16 requests wait already: BUSY.
 */
export function hamlibClient(options: HamlibOptions, deps: HamlibDeps): HamlibClient {
  const { host, port, program, timeoutMs = 2000 } = options;
  const where = `${program} at ${host}:${port}`;
  const wait = backOff(options.backOff ?? usualBackOff, deps.random);
  let socket: Socket | null = null;
  let connected = false;
  let closed = false;
  let received = '';
  let retryAtMs = Number.NEGATIVE_INFINITY;
  let lastReason = '';
  let pending: { name: string; resolve(answer: HamlibAnswer): void; reject(error: StationError): void } | null = null;
  let whenConnected: (() => void) | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  const failure = (trouble: Trouble, message: string, cause?: unknown) =>
    new StationError(hamlibCode(program, trouble), `${where} ${message}`, cause === undefined ? {} : { cause });

  /** Gives the connection up; what waits for it is told. */
  function drop(error: StationError): void {
    const had = socket;
    if (had === null) return;
    socket = null;
    had.destroy();
    if (connected) deps.log?.({ level: 'warn', event: 'disconnected', message: error.message });
    connected = false;
    received = '';
    lastReason = error.message;
    retryAtMs = deps.clock.monotonic() + wait.next();
    const mine = pending;
    pending = null;
    whenConnected = null;
    mine?.reject(error);
  }

  function open(): void {
    const mine = connect({ host, port });
    socket = mine;
    mine.setNoDelay(true);
    mine.setEncoding('latin1');
    const mineOnly = (then: () => void) => {
      if (socket === mine) then();
    };
    mine.once('connect', () =>
      mineOnly(() => {
        connected = true;
        deps.log?.({ level: 'info', event: 'connected', message: `connected to ${where}` });
        whenConnected?.();
      }),
    );
    mine.on('data', (text: string) => mineOnly(() => read(text)));
    mine.on('error', (cause) =>
      mineOnly(() => drop(failure('UNREACHABLE', `can not be reached: ${systemCode(cause) ?? cause.message}`, cause))),
    );
    const over = () =>
      mineOnly(() =>
        drop(failure('UNREACHABLE', `closed the connection${received === '' ? '' : ' in the middle of an answer'}`)),
      );
    mine.once('end', over);
    mine.once('close', over);
  }

  function read(text: string): void {
    if (pending === null) {
      drop(failure('NONSENSE', 'sent something that nobody asked for'));
      return;
    }
    received += text;
    const end = /(^|\n)RPRT (-?\d{1,9})\r?\n/.exec(received);
    if (end === null) {
      if (received.length > MOST_BYTES) drop(failure('NONSENSE', `sent ${received.length} bytes without an end`));
      return;
    }
    const lines = received
      .slice(0, end.index)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const rest = received.slice(end.index + end[0].length).trim();
    received = '';
    // The name of the command comes first, or not at all when it was refused.
    const { name, resolve } = pending;
    const named = lines.findIndex((line) => line.startsWith(`${name}:`));
    if (rest !== '' || (named < 0 && Number(end[2]) === 0)) {
      drop(failure('NONSENSE', `answered something else than ${name}`));
      return;
    }
    pending = null;
    wait.reset();
    resolve({ lines: lines.slice(named + 1), rprt: Number(end[2]) });
  }

  function exchange(command: string): Promise<HamlibAnswer> {
    if (closed) return Promise.reject(failure('UNREACHABLE', 'was closed here'));
    if (socket === null && deps.clock.monotonic() < retryAtMs)
      return Promise.reject(new StationError(hamlibCode(program, 'UNREACHABLE'), lastReason));
    return new Promise((resolve, reject) => {
      const cancel = afterSilence(deps, timeoutMs, () => {
        const half = received === '' ? '' : ' to the end';
        drop(failure('TIMEOUT', connected ? `did not answer${half} within ${timeoutMs} ms` : 'can not be reached'));
      });
      pending = {
        name: command.slice(1).split(' ')[0]!,
        resolve(answer) {
          cancel();
          resolve(answer);
        },
        reject(error) {
          cancel();
          reject(error);
        },
      };
      const send = () => {
        whenConnected = null;
        socket?.write(`+${command}\n`);
      };
      if (socket === null) open();
      if (connected) send();
      else whenConnected = send;
    });
  }

  function ask(command: string): Promise<HamlibAnswer> {
    if (!/^\\[a-z_]+( [\w.+-]+)*$/.test(command)) throw new RangeError(`${command}: a long command expected`);
    if (waiting >= MOST_WAITING) return Promise.reject(failure('BUSY', `has ${waiting} requests waiting`));
    waiting++;
    const answer = turn.then(() => exchange(command)).finally(() => waiting--);
    turn = answer.catch(() => {});
    return answer;
  }

  return {
    ask,
    async request(command) {
      const { lines, rprt } = await ask(command);
      if (rprt !== 0) throw failure('REFUSED', `refused ${command}: ${rprtMeaning(rprt)}`);
      return lines;
    },
    where,
    get connected() {
      return connected;
    },
    close() {
      closed = true;
      drop(failure('UNREACHABLE', 'was closed here'));
    },
  };
}

/** The number behind a label such as `Azimuth`, or null. */
export function labelled(lines: readonly string[], label: string): number | null {
  for (const line of lines) {
    const [name, value] = line.split(/[:=]/, 2);
    if (name?.trim() !== label || value === undefined || value.trim() === '') continue;
    const number = Number(value);
    return Number.isFinite(number) ? number : null;
  }
  return null;
}
