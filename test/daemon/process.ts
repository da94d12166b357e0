import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../daemon/cli/main.ts', import.meta.url));

export interface Running {
  readonly child: ChildProcess;
  /** Everything written so far. */
  readonly output: { stdout: string; stderr: string };
  /** Resolves with the first match in either output. @throws when the process ends without one */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
  /** Waits for the end; gives the exit code. */
  exit(): Promise<number | null>;
}

/** Starts a command of downlinkd as a process of its own. */
export function downlinkd(...argv: string[]): Running {
  const child = spawn(process.execPath, [main, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  let wake = () => {};
  let ended = false;
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (data: Buffer) => {
      output[name] += data;
      wake();
    });
  }
  const closed = once(child, 'close').then(([code]) => {
    ended = true;
    wake();
    return code as number | null;
  });
  return {
    child,
    output,
    exit: () => closed,
    async seen(pattern) {
      for (;;) {
        const match = pattern.exec(output.stdout) ?? pattern.exec(output.stderr);
        if (match) return match;
        if (ended) throw new Error(`ended without ${pattern}:\n${output.stdout}\n${output.stderr}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
