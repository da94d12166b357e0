import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { DecodedFrame } from '../../daemon/api/wire.ts';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const launcher = join(root, 'bin/downlinkd');

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
}

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, without input. @throws when it does not start */
export function execute(program: string, args: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  return new Promise((done, failed) => {
    const child = spawn(program, args, { ...surroundings, stdio: ['ignore', 'pipe', 'pipe'] });
    const texts = collect(child);
    child.on('error', failed);
    child.on('close', (exitCode) => done({ exitCode, ...texts() }));
  });
}

/** `downlinkd WORDS…` to its end. @throws when its exit code is not 0 */
export async function downlinkd(...words: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await execute(process.execPath, [launcher, ...words]);
  if (exitCode !== 0) throw new Error(`downlinkd ${words.join(' ')}: exit code ${exitCode}: ${stderr}`);
  return stdout;
}

export async function decode(...words: string[]): Promise<DecodedFrame[]> {
  return jsonLines(await downlinkd('decode', ...words));
}

export function jsonLines<T>(text: string): T[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** What a child has written so far. */
export function collect(child: ChildProcess): () => { stdout: string; stderr: string } {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (text) => {
    stdout += text;
  });
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  return () => ({ stdout, stderr });
}

/** A folder for `use`, removed afterwards. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'downlinkd-system-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A folder for all tests of a file, removed behind them. */
export function folderForAll(): string {
  const folder = mkdtempSync(join(tmpdir(), 'downlinkd-system-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
