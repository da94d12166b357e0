import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { endOf } from './station-process.ts';

/** The packages for `needPackages`. */
export const hamlibPackages = ['libhamlib-utils', 'faketime'] as const;

export interface HamlibServerOptions {
  readonly program: 'rotctld' | 'rigctld';
  /** Time goes this many times faster for the program. Default 1: the real time, without libfaketime. */
  readonly speed?: number;
  /** Default: a free one. */
  readonly port?: number;
}

export interface HamlibServer {
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  /** As a power cut: no goodbye to its clients. */
  kill(): Promise<void>;
}

const HOST = '127.0.0.1';
const READY_MS = 120_000;

/** hamlib's rotctld with its dummy rotator (−180 to 450, 0 to 90 degrees, 6 °/s both axes at `speed` 1), ready to be asked. */
export function startRotctldDummy(options: Omit<HamlibServerOptions, 'program'> = {}): Promise<HamlibServer> {
  return startHamlib({ program: 'rotctld', ...options });
}

/**
 * hamlib's rotctld or rigctld with its dummy device. The dummy rotator computes from gettimeofday() how far it has come since
 * it was last asked, so that libfaketime makes it as many times faster, while its sockets work as ever.
 * @throws Error when it does not listen within two minutes
 */
export async function startHamlib({ program, speed = 1, port }: HamlibServerOptions): Promise<HamlibServer> {
  const at = port ?? (await freePort());
  const env = speed === 1 ? process.env : { ...process.env, ...fakeTime(speed) };
  const child = spawn(program, ['-m', '1', '-T', HOST, '-t', String(at)], { env, stdio: 'ignore' });
  await once(child, 'spawn');
  try {
    await listens(child, at);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    host: HOST,
    port: at,
    pid: child.pid!,
    async kill() {
      child.kill('SIGKILL');
      await endOf(child);
    },
  };
}

/** The library itself, without the `faketime` command: that would be a process of its own between us and the program. */
function fakeTime(speed: number): Record<string, string> {
  const files = execFileSync('dpkg-query', ['--listfiles', 'libfaketime'], { encoding: 'utf8' }).split('\n');
  const library = files.find((file) => file.endsWith('/libfaketime.so.1'));
  if (library === undefined) throw new Error('libfaketime has no library');
  return { LD_PRELOAD: library, FAKETIME: `+0 x${speed}` };
}

/** Waits until a child takes connections. @throws Error when it doesn't within two minutes */
export async function listens(child: ChildProcess, port: number): Promise<void> {
  for (const giveUp = performance.now() + READY_MS; performance.now() < giveUp; ) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const socket = connect({ host: HOST, port });
    const ready = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${child.spawnfile} does not listen on port ${port}`);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === 'object' && address ? address.port : 0;
}
