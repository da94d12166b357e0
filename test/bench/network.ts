/**
 * A network on this computer: three NATS servers with three replicas, stations with the real delivery and collector, members of
 * a group that write into PostgreSQL; servers are killed (SIGKILL) in turn. Counts what was lost or doubled (exit code 1 if
 * anything was), and prints how fast it went. Needs Debian's nats-server and postgresql.
 *
 * npm run bench:network -- [--stations 200] [--transmissions 2000] [--hearers 25] [--members 3] [--kills 9] [--kill-every-s 6]
 *   [--down-s 2]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runExperiment } from '../network/experiment.ts';

const { values } = parseArgs({
  options: {
    stations: { type: 'string', default: '200' },
    transmissions: { type: 'string', default: '2000' },
    hearers: { type: 'string', default: '25' },
    members: { type: 'string', default: '3' },
    kills: { type: 'string', default: '9' },
    'kill-every-s': { type: 'string', default: '6' },
    'down-s': { type: 'string', default: '2' },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'downlinkd-network-'));
try {
  const result = await runExperiment({
    folder,
    stations: Number(values.stations),
    transmissions: Number(values.transmissions),
    hearers: Number(values.hearers),
    members: Number(values.members),
    kills: Number(values.kills),
    killEveryMs: 1000 * Number(values['kill-every-s']),
    downMs: 1000 * Number(values['down-s']),
    tell: (line) => console.log(line),
  });
  const { frames, transmissions, inStream, differentInStream, receptions, transmissionsStored } = result;
  const line = (what: string, lost: number, doubled: number) =>
    console.log(`${what.padEnd(34)} lost ${lost}, doubled ${doubled}`);
  console.log(`\n${frames} frames, ${result.kills} servers killed, ${cpus().length} cores for everything`);
  line(`stream: ${inStream} messages`, frames - differentInStream, inStream - differentInStream);
  line(`database: ${receptions} receptions`, Math.max(0, frames - receptions), Math.max(0, receptions - frames));
  line(
    `database: ${transmissionsStored} transmissions`,
    Math.max(0, transmissions - transmissionsStored),
    Math.max(0, transmissionsStored - transmissions),
  );
  console.log(
    `calm: ${Math.round(result.calmStreamRate)} frames/s into the stream, ${Math.round(result.calmDatabaseRate)} into the database`,
  );
  console.log(
    `with kills: ${frames / 2} frames in ${result.troubledS.toFixed(1)} s, ${result.waits} times a station waited`,
  );
  console.log(
    `disk: ${Math.round(result.streamBytes / inStream)} bytes a frame and server, ${Math.round(result.databaseBytes / receptions)} bytes a reception in the database`,
  );
  const exact =
    inStream === frames &&
    differentInStream === frames &&
    receptions === frames &&
    transmissionsStored === transmissions;
  if (!exact) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
