import { Readable, Writable } from 'node:stream';
import type { CommandIo } from '../../daemon/cli/command.ts';
import { dispatch } from '../../daemon/cli/dispatch.ts';

function collector(): { stream: Writable; text: () => string } {
  const parts: Buffer[] = [];
  const stream = new Writable({
    write(data: Buffer, _encoding, done) {
      parts.push(data);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(parts).toString() };
}

/** Runs a command line within this process. */
export async function inProcess(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [stdout, stderr] = [collector(), collector()];
  const io: CommandIo = {
    stdout: stdout.stream,
    stderr: stderr.stream,
    stdin: Readable.from([]),
    signal: new AbortController().signal,
  };
  const code = await dispatch(argv, io);
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}
