/** Entry of the thread that receives one SDR. */
import { parentPort, workerData } from 'node:worker_threads';
import { makeSharedReceiver } from '../../dsp/receiver.ts';
import { type ReceiverTask, receive } from './receive.ts';

const port = parentPort!;
await receive(
  workerData as ReceiverTask,
  (message) => port.postMessage(message),
  makeSharedReceiver,
  (take) => {
    port.on('message', take);
    // Orders alone do not keep a thread that has read everything.
    port.unref();
  },
);
