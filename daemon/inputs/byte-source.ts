import { type FileHandle, open } from 'node:fs/promises';
import { InputError } from './input.ts';

/** Bytes in order: a file or standard input. */
export interface ByteSource {
  /** The path, or `-`. */
  readonly name: string;
  /** Bytes in all; null when that is unknown (pipes). */
  readonly size: number | null;
  /** Fills `target` as far as there are bytes; fewer come only at the end. @throws InputError */
  read(target: Uint8Array): Promise<number>;
  /** Passes over bytes; returns how many there were. @throws InputError */
  skip(count: number): Promise<number>;
  close(): Promise<void>;
}

/** @throws InputError when there is no such file, it is a folder or it can't be read */
export async function openFile(path: string): Promise<ByteSource> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
  const stat = await handle.stat();
  if (stat.isDirectory()) {
    await handle.close();
    throw new InputError('INPUT_UNREADABLE', `${path}: is a folder, not a recording`);
  }
  const size = stat.isFile() ? stat.size : null;
  let position = 0;
  const read = async (target: Uint8Array): Promise<number> => {
    let filled = 0;
    try {
      while (filled < target.length) {
        const at = size === null ? null : position;
        const { bytesRead } = await handle.read(target, filled, target.length - filled, at);
        if (bytesRead === 0) break;
        filled += bytesRead;
        position += bytesRead;
      }
    } catch (error) {
      throw unreadable(path, error);
    }
    return filled;
  };
  const skip = async (count: number): Promise<number> => {
    if (size === null) return discard(read, count);
    const step = Math.max(0, Math.min(count, size - position));
    position += step;
    return step;
  };
  return { name: path, size, read, skip, close: () => handle.close() };
}

/** Standard input, or any other stream of bytes. `close` leaves it to its owner. */
export function streamSource(stream: AsyncIterable<Uint8Array | string>, name = '-'): ByteSource {
  const iterator = stream[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  let ended = false;
  const read = async (target: Uint8Array): Promise<number> => {
    let filled = 0;
    while (filled < target.length && !(ended && rest.length === 0)) {
      if (rest.length === 0) {
        const next = await iterator.next().catch((error: unknown) => {
          throw unreadable(name, error);
        });
        if (next.done) ended = true;
        else rest = typeof next.value === 'string' ? Buffer.from(next.value, 'latin1') : next.value;
        continue;
      }
      const part = rest.subarray(0, target.length - filled);
      target.set(part, filled);
      filled += part.length;
      rest = rest.subarray(part.length);
    }
    return filled;
  };
  return {
    name,
    size: null,
    read,
    skip: (count) => discard(read, count),
    close: async () => {
      await iterator.return?.();
    },
  };
}

/** The same source with bytes put back in front of it. */
export function withPrefix(prefix: Uint8Array, source: ByteSource): ByteSource {
  let rest = prefix;
  const read = async (target: Uint8Array): Promise<number> => {
    const part = rest.subarray(0, target.length);
    target.set(part);
    rest = rest.subarray(part.length);
    return part.length + (part.length < target.length ? await source.read(target.subarray(part.length)) : 0);
  };
  const skip = async (count: number): Promise<number> => {
    const part = Math.min(count, rest.length);
    rest = rest.subarray(part);
    return part + (part < count ? await source.skip(count - part) : 0);
  };
  return { name: source.name, size: source.size, read, skip, close: () => source.close() };
}

async function discard(read: (target: Uint8Array) => Promise<number>, count: number): Promise<number> {
  const sink = new Uint8Array(Math.min(count, 65536));
  let done = 0;
  while (done < count) {
    const got = await read(sink.subarray(0, Math.min(sink.length, count - done)));
    if (got === 0) break;
    done += got;
  }
  return done;
}

function unreadable(name: string, cause: unknown): InputError {
  const code = (cause as NodeJS.ErrnoException).code;
  const reasons: Record<string, string> = { ENOENT: 'no such file', EACCES: 'not readable (permission denied)' };
  const reason = reasons[code ?? ''] ?? `not readable (${code ?? String(cause)})`;
  return new InputError('INPUT_UNREADABLE', `${name}: ${reason}`, { cause });
}
