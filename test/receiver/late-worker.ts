/** A receiver's thread that begins to read when it is told what to show: see counting-receiver.ts. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { type ReceiverTask, receive } from '../../daemon/receiver/receive.ts';
import { countingReceiver } from './counting-receiver.ts';

await once(parentPort!, 'message');
await receive(
  workerData as ReceiverTask,
  (message) => parentPort!.postMessage(message),
  (_modes, _input, sinks) => countingReceiver(sinks),
);
