/** Three real servers, stations and collectors while servers are killed; the long form is npm run bench:network. */
import { beforeAll, expect, test } from 'vitest';
import { runExperiment } from '../network/experiment.ts';
import { natsPackages } from '../network/nats-server.ts';
import { postgresPackages } from '../network/postgres-server.ts';
import { folderForAll } from './command-line.ts';
import { needPackages } from './debian.ts';

const folder = folderForAll();
beforeAll(() => needPackages([...natsPackages, ...postgresPackages]));

test('servers are killed in turn: nothing is lost, nothing doubled', async () => {
  const result = await runExperiment({
    folder,
    stations: 60,
    transmissions: 400,
    hearers: 15,
    members: 2,
    kills: 3,
    killEveryMs: 5000,
    downMs: 1500,
    tell() {},
  });
  const { frames, transmissions } = result;
  expect(frames).toBe(6000);
  expect(result).toMatchObject({
    inStream: frames,
    differentInStream: frames,
    receptions: frames,
    transmissionsStored: transmissions,
  });
});
