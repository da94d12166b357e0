import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { findProject } from '../../daemon/core/project.ts';

export const launcher = join(findProject().folder, 'bin', 'downlinkd');

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: Uint8Array;
  /** Arguments of Node itself. */
  readonly nodeArguments?: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called at the first output on stderr or stdout. */
  readonly onOutput?: (kill: (signal: NodeJS.Signals) => void) => void;
  /** Leaves standard input open. */
  readonly keepStdin?: boolean;
}

/** Runs bin/downlinkd as a user does. */
export function downlinkd(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...(options.nodeArguments ?? []), launcher, ...argv], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let told = false;
    const tell = () => {
      if (!told) options.onOutput?.((signal) => child.kill(signal));
      told = true;
    };
    child.stdout.on('data', (data: Buffer) => {
      stdout.push(data);
      tell();
    });
    child.stderr.on('data', (data: Buffer) => {
      stderr.push(data);
      tell();
    });
    child.on('error', reject);
    // The program may end before it has read everything.
    child.stdin.on('error', () => {});
    if (options.stdin) child.stdin.write(options.stdin);
    if (!options.keepStdin) child.stdin.end();
    child.on('close', (code, signal) =>
      resolve({ code, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }),
    );
  });
}
