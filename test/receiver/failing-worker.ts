/** Worker of sdr-receiver.test.ts: dies when the first frame, that of sample 0, comes. */
import { parentPort, workerData } from 'node:worker_threads';
import { type ReceiverTask, receive } from '../../daemon/receiver/receive.ts';
import { countingReceiver } from './counting-receiver.ts';

await receive(
  workerData as ReceiverTask,
  (message) => {
    if (message.kind === 'frame' && message.frame.sample === 0) process.exit(3);
    parentPort!.postMessage(message);
  },
  (_modes, _input, sinks) => countingReceiver(sinks),
);
