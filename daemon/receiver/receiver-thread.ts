import { Worker } from 'node:worker_threads';
import type { LiveOrder } from './live-order.ts';
import type { ReceiverMessage, ReceiverTask } from './receive.ts';

export interface ReceiverThreadEvents {
  message(message: ReceiverMessage): void;
  /** The worker died; it is started again after `retryInMs`, on the same ring. */
  died(error: unknown, retryInMs: number): void;
}

export interface ReceiverThread {
  /** Resolves once a worker reads the ring, or it was stopped before. */
  readonly ready: Promise<void>;
  /** Resolves once the worker has read the ring to its end and told everything, or was stopped. */
  readonly ended: Promise<void>;
  /** What the worker is to show from now on, also one that is started again. */
  order(order: LiveOrder): void;
  /** Ends the worker now, whatever is still in the ring. */
  stop(): Promise<void>;
}

const firstRetryMs = 250;
const longestRetryMs = 10_000;
/** A worker that lived this long is not failing again and again. */
const healthyMs = 60_000;

/** Source files run as they are; published ones are JavaScript. */
const ownWorker = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

/** Starts the worker of one SDR and keeps it alive. */
export function startReceiverThread(
  task: ReceiverTask,
  events: ReceiverThreadEvents,
  workerUrl: URL = ownWorker,
): ReceiverThread {
  const { promise: ready, resolve: begin } = Promise.withResolvers<void>();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let worker: Worker;
  let lastOrder: LiveOrder | null = null;
  let over = false;
  let retryMs = firstRetryMs;
  let retry: NodeJS.Timeout | undefined;

  function start(): void {
    const startedAt = performance.now();
    let cause: unknown = new Error('the worker ended by itself');
    worker = new Worker(workerUrl, { workerData: task });
    if (lastOrder !== null) worker.postMessage(lastOrder);
    worker.on('message', (message: ReceiverMessage) => {
      if (message.kind === 'ready') begin();
      else if (message.kind === 'ended') over = true;
      else events.message(message);
    });
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', () => {
      if (over) {
        end();
        return;
      }
      if (performance.now() - startedAt > healthyMs) retryMs = firstRetryMs;
      events.died(cause, retryMs);
      retry = setTimeout(start, retryMs);
      retryMs = Math.min(2 * retryMs, longestRetryMs);
    });
  }

  start();
  return {
    ready,
    ended,
    order(order) {
      lastOrder = order;
      worker.postMessage(order);
    },
    async stop() {
      over = true;
      clearTimeout(retry);
      await worker.terminate();
      begin();
      end();
    },
  };
}
