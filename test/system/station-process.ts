import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** The first group of the first match in what a child says on standard output. @throws when it ends before */
export function firstMatch(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((done, failed) => {
    let said = '';
    let complaint = '';
    child.stdout?.on('data', (text) => {
      said += text;
      const match = pattern.exec(said)?.[1];
      if (match !== undefined) done(match);
    });
    child.stderr?.on('data', (text) => {
      complaint += text;
    });
    child.on('error', failed);
    child.on('close', (code) => failed(new Error(`it ended with code ${code}: ${said}${complaint}`)));
  });
}

/** Waits until a child is gone. */
export async function endOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}
