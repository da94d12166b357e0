/** Child of ledger-crash.test.ts: appends batches until it is killed, and announces each frame once it is stored. */
import { writeSync } from 'node:fs';
import { openLedger } from '../../daemon/store/ledger.ts';
import { sampleFrame } from './sample-frame.ts';

const ledger = openLedger(process.argv[2]!, 'TEST');
for (let n = ledger.lastSeq(); ; ) {
  const batch = Array.from({ length: 1 + (n % 5) }, () => sampleFrame({ frame: (n++).toString(16).padStart(8, '0') }));
  for (const { seq, id } of ledger.append(batch)) writeSync(1, `${seq} ${id}\n`);
}
