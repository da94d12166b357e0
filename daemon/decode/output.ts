import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Where output goes. Either all of it arrives or, in a file, nothing. */
export interface OutputSink {
  write(data: string | Uint8Array): Promise<void>;
  /** Puts the output in its place. */
  finish(): Promise<void>;
  /** Leaves no trace of a file; what went to a stream stays. */
  discard(): void;
}

export class OutputError extends Error {
  override readonly name = 'OutputError';
  readonly code = 'OUTPUT_UNWRITABLE';
}

export function streamSink(stream: NodeJS.WritableStream): OutputSink {
  return {
    async write(data) {
      if (!stream.write(data)) await once(stream, 'drain');
    },
    async finish() {},
    discard() {},
  };
}

/** Writes to a new file beside `path`, which takes its name only when it is complete and on the disk. @throws OutputError */
export function fileSink(path: string): OutputSink {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.part`);
  const attempt = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      rmSync(temporary, { force: true });
      const code = (error as NodeJS.ErrnoException).code;
      throw new OutputError(`${path}: can't be written (${reasons[code ?? ''] ?? code ?? String(error)})`, {
        cause: error,
      });
    }
  };
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new OutputError(`${path}: is a folder`);
  const file = attempt(() => openSync(temporary, 'wx', 0o666));
  let open = true;
  const close = () => {
    if (open) closeSync(file);
    open = false;
  };
  return {
    async write(data) {
      const bytes = typeof data === 'string' ? Buffer.from(data) : data;
      attempt(() => {
        for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
      });
    },
    async finish() {
      attempt(() => {
        fsyncSync(file);
        close();
        renameSync(temporary, path);
      });
    },
    discard() {
      close();
      rmSync(temporary, { force: true });
    },
  };
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such folder',
  EACCES: 'permission denied',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left',
  ENOTDIR: 'not a folder',
};
