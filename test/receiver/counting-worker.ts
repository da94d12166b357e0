/** A receiver's thread whose receivers only count: see counting-receiver.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { type ReceiverTask, receive } from '../../daemon/receiver/receive.ts';
import { countingReceiver } from './counting-receiver.ts';

await receive(
  workerData as ReceiverTask,
  (message) => parentPort!.postMessage(message),
  (_modes, _input, sinks) => countingReceiver(sinks),
);
