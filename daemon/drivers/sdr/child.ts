import type { Readable } from 'node:stream';
import { systemCode } from '../../core/error.ts';
import type { SourceDeps } from './deps.ts';

/** A program that delivers samples, or serves them. */
export interface Child {
  readonly stdout: Readable;
  /** Resolves, once it has ended or could not be started, with the reason in one line. Never rejects. */
  readonly ended: Promise<string>;
  /** Ends it; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Debian packages of the programs people use. */
const packages: Readonly<Record<string, string>> = {
  rtl_tcp: 'rtl-sdr',
  rtl_sdr: 'rtl-sdr',
  rx_sdr: 'rx-tools',
  airspy_rx: 'airspy',
  airspyhf_rx: 'airspyhf',
  hackrf_transfer: 'hackrf',
};
/** What a child may say: longer lines are cut, more lines are counted only. */
const LINE_LENGTH = 300;
const LINES = 200;
/** A child that does not end by itself is killed after this time. */
const PATIENCE_MS = 2000;

/** @param argv program and arguments, no shell */
export function startChild(argv: readonly string[], deps: Pick<SourceDeps, 'spawn' | 'timers' | 'log'>): Child {
  const program = argv[0] ?? '';
  const child = deps.spawn(argv);
  let lines = 0;
  let lastLine = '';
  let partial = '';
  const say = (text: string): void => {
    const line = text
      .slice(0, LINE_LENGTH)
      .replace(/\p{Cc}+/gu, ' ')
      .trim();
    if (line === '') return;
    lastLine = line;
    if (++lines <= LINES) deps.log({ level: 'info', event: 'childOutput', message: `${program}: ${line}` });
    if (lines === LINES)
      deps.log({ level: 'warn', event: 'childOutput', message: `${program} says too much: the rest is left out` });
  };
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    const parts = (partial + text).split(/[\r\n]+/);
    partial = parts.pop()!.slice(0, LINE_LENGTH);
    parts.forEach(say);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (cause) => resolve(startFailure(program, cause)));
    child.once('close', (code, signal) => {
      say(partial);
      const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
      resolve(`${program} ${how}${lastLine ? `: ${lastLine}` : ''}`);
    });
  });
  return {
    stdout: child.stdout!,
    ended,
    async stop() {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const cancel = deps.timers.after(PATIENCE_MS, () => child.kill('SIGKILL'));
      child.stdout?.destroy(); // a full pipe must not keep it
      await ended;
      cancel();
    },
  };
}

function startFailure(program: string, cause: Error): string {
  if (systemCode(cause) !== 'ENOENT') return `${program} can't be started: ${cause.message}`;
  const name = program.split('/').at(-1)!;
  const hint = packages[name] ? `: install the Debian package ${packages[name]}` : '';
  return `the program ${program} is missing${hint}`;
}
