import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FollowerLimits } from '../../daemon/api/frame-followers.ts';
import type { DaemonAnswer, DaemonOrder, Usage } from './stream-daemon.ts';
import type { ListenerOrder, ListenerReport } from './stream-listeners.ts';

export interface StreamBench {
  readonly clients: number;
  /** So many of the clients do not read. */
  readonly stalled: number;
  /** Frames a second. */
  readonly rate: number;
  readonly seconds: number;
  readonly limits: FollowerLimits;
}

export interface StreamResult extends ListenerReport {
  readonly frames: number;
  /** Clients that the station still has once the stalled ones had time to be found out. */
  readonly clientsLeft: number;
  readonly before: Usage;
  readonly after: Usage;
}

const start = (file: string): ChildProcess =>
  fork(fileURLToPath(new URL(file, import.meta.url)), { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

async function answer<T>(child: ChildProcess): Promise<T> {
  const ended = new AbortController();
  const end = once(child, 'exit', ended).then(([code]) => {
    throw new Error(`a process of the bench ended with ${code}`);
  });
  end.catch(() => {});
  try {
    const [message] = await Promise.race([once(child, 'message', ended), end]);
    return message as T;
  } finally {
    ended.abort();
  }
}

/** Frames from a station in one process to all clients in another. */
export async function runStreamBench({ clients, stalled, rate, seconds, limits }: StreamBench): Promise<StreamResult> {
  const daemon = start('stream-daemon.ts');
  const listeners = start('stream-listeners.ts');
  const tellDaemon = (order: DaemonOrder) => daemon.send(order);
  const tellListeners = (order: ListenerOrder) => listeners.send(order);
  try {
    tellDaemon({ do: 'listen', limits });
    const { url } = await answer<{ url: string }>(daemon);
    tellListeners({ do: 'connect', url, clients, stalled });
    await answer(listeners);

    const answers: DaemonAnswer[] = [];
    daemon.on('message', (message: DaemonAnswer) => answers.push(message));
    tellDaemon({ do: 'append', rate, seconds });
    while (answers.length < 3) await answer(daemon);
    const [before, after, { appended }] = answers as [Usage, Usage, { appended: number }];

    // A stalled client is found out by its full buffers, or at the second ping at the latest; on a busy machine that takes longer.
    const deadline = performance.now() + limits.slowMs + 10 * limits.pingMs;
    let clientsLeft = clients;
    while (clientsLeft > clients - stalled && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      clientsLeft = ((await (await fetch(`${url}/api/status`)).json()) as { stream_clients: number }).stream_clients;
    }
    tellListeners({ do: 'report', frames: appended, withinMs: 120_000 });
    const report = await answer<ListenerReport>(listeners);
    return { ...report, frames: appended, clientsLeft, before, after };
  } finally {
    listeners.kill();
    tellDaemon({ do: 'stop' });
    await once(daemon, 'exit');
  }
}
