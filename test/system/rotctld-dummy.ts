import { type ChildProcess, spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RotctldDummy {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * hamlib's own rotator simulation behind its real server (Debian libhamlib-utils): azimuth −180…450°, elevation 0…90°, 6 degrees
 * a second. With `speed` the program's clock runs that much faster (Debian faketime), and so do its axes.
 * @throws Error when it does not answer within ten seconds
 */
export async function startRotctldDummy({ speed = 1 }: { readonly speed?: number } = {}): Promise<RotctldDummy> {
  const port = await freePort();
  const rotctld = ['rotctld', '-m', '1', '-t', String(port)];
  const [program, ...args] = speed === 1 ? rotctld : ['faketime', '-f', `+0 x${speed}`, ...rotctld];
  // faketime runs the program as its child: both are one group, and ended as one.
  const child = spawn(program!, args, {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, FAKETIME_NO_CACHE: '1' },
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await answers(port)) return { port, stop: () => stop(child, gone) };
    await sleep(100);
  }
  await stop(child, gone);
  throw new Error(`${rotctld.join(' ')} does not answer`);
}

async function stop(child: ChildProcess, gone: Promise<void>): Promise<void> {
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  await gone;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
