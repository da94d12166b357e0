import { findProject } from '../core/project.ts';
import { ConfigError } from '../settings/config-error.ts';
import { nearWords } from '../settings/near.ts';
import { type Command, type CommandIo, UsageError } from './command.ts';

/** The commands, in the order of the help. Each is loaded only when it is asked for. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./run.ts')).run,
  decode: async () => (await import('./decode.ts')).run,
  frames: async () => (await import('./frames.ts')).run,
  import: async () => (await import('./import.ts')).run,
  satellites: async () => (await import('./satellites.ts')).run,
  passes: async () => (await import('./passes.ts')).run,
  track: async () => (await import('./track.ts')).run,
  simulate: async () => (await import('./simulate.ts')).run,
  network: async () => (await import('./network.ts')).run,
  collect: async () => (await import('./collect.ts')).run,
  check: async () => (await import('./check.ts')).run,
};

/** Runs one command line (without the program's name) and returns the exit code. */
export async function dispatch(argv: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = argv;
  try {
    if (name === '--version' || name === '-V') {
      io.stdout.write(`${findProject().version}\n`);
      return 0;
    }
    if (name === '--help' || name === '-h' || name === 'help') return await help(rest[0], io);
    if (name === undefined) {
      io.stderr.write(await overview());
      return 2;
    }
    const command = await find(name);
    const beforeDashes = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
    if (beforeDashes.includes('--help') || beforeDashes.includes('-h')) {
      io.stdout.write(`${command.help.trim()}\n`);
      return 0;
    }
    return await command.run(rest, io);
  } catch (error) {
    if (error instanceof ConfigError) {
      for (const problem of error.problems) io.stderr.write(`downlinkd: ${problem}\n`);
      return 1;
    }
    const { line, exitCode } = explain(error, name);
    io.stderr.write(`downlinkd: ${line}\n`);
    if (process.env['DOWNLINKD_DEBUG'] && error instanceof Error) io.stderr.write(`${error.stack}\n`);
    return exitCode;
  }
}

async function find(name: string): Promise<Command> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load) return load();
  const near = nearWords(name, Object.keys(commands), 3);
  const hint = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '';
  throw new UsageError(`unknown command '${name}'${hint} (downlinkd --help lists all)`);
}

async function help(name: string | undefined, io: CommandIo): Promise<number> {
  io.stdout.write(name === undefined ? await overview() : `${(await find(name)).help.trim()}\n`);
  return 0;
}

async function overview(): Promise<string> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  const width = Math.max(...all.map((c) => c.name.length)) + 2;
  return [
    'downlinkd: satellite downlinks from a software-defined radio, IQ in, frames out',
    '',
    'Usage: downlinkd COMMAND [OPTIONS]',
    '',
    ...all.map((c) => `  ${c.name.padEnd(width)}${c.summary}`),
    '',
    'downlinkd COMMAND --help tells more, downlinkd --version the version.',
    '',
  ].join('\n');
}

/** Any failure as one line; only a fault of the program itself says so. */
function explain(error: unknown, name: string | undefined): { line: string; exitCode: number } {
  if (!(error instanceof Error)) return { line: `internal error: ${String(error)}`, exitCode: 1 };
  const code = (error as { code?: unknown }).code;
  const line = error.message.split('\n', 1)[0] ?? '';
  if (error instanceof UsageError) return { line, exitCode: 2 };
  if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')) {
    return { line: `${line.split('. ', 1)[0]} (downlinkd ${name ?? ''} --help lists the options)`, exitCode: 2 };
  }
  if (typeof code === 'string') return { line, exitCode: 1 };
  return { line: `internal error: ${line} (DOWNLINKD_DEBUG=1 shows where)`, exitCode: 1 };
}
