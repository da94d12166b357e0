/** Threads that take jobs as they become free, first come first served. */
import { parentPort, Worker } from 'node:worker_threads';

export interface Pool<Job, Result> {
  /** @throws Error with the job's own message when it fails */
  run(job: Job): Promise<Result>;
  close(): Promise<void>;
}

interface Waiting<Job, Result> {
  readonly job: Job;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

interface Answer<Result> {
  readonly point?: Result;
  readonly failed?: string;
}

export function pool<Job, Result>(script: URL, threads: number): Pool<Job, Result> {
  const queue: Waiting<Job, Result>[] = [];
  const idle: Worker[] = [];
  const serve = (worker: Worker) => {
    const next = queue.shift();
    if (!next) {
      idle.push(worker);
      return;
    }
    const settle = (answer: Answer<Result> | Error) => {
      worker.off('message', settle);
      worker.off('error', settle);
      if (answer instanceof Error) next.reject(answer);
      else {
        if (answer.point === undefined) next.reject(new Error(answer.failed));
        else next.resolve(answer.point);
        serve(worker);
      }
    };
    worker.on('message', settle);
    worker.on('error', settle);
    worker.postMessage({ job: next.job });
  };
  const workers = Array.from({ length: threads }, () => new Worker(script));
  idle.push(...workers);
  return {
    run(job) {
      return new Promise<Result>((resolve, reject) => {
        queue.push({ job, resolve, reject });
        const worker = idle.pop();
        if (worker) serve(worker);
      });
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** The other side, for a worker's script: each job is answered with its result, or with what its error says, after the job's name. */
export function serveJobs<Job, Result>(run: (job: Job) => Result, nameOf?: (job: Job) => string): void {
  parentPort!.on('message', ({ job }: { job: Job }) => {
    try {
      parentPort!.postMessage({ point: run(job) });
    } catch (error) {
      const { message } = error as Error;
      parentPort!.postMessage({ failed: nameOf ? `${nameOf(job)}: ${message}` : message });
    }
  });
}
