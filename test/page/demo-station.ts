/** A station with everything that the page shows: tracked satellites, one of them up, two SDRs, a rotator, a collector. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ommOf } from '../../daemon/tracking/omm.ts';
import { prng } from '../../dsp/core/prng.ts';
import { downlinkd, type Running } from '../daemon/process.ts';
import { madeUpElements, upNow } from '../tracking/up-now.ts';

export interface DemoStation {
  readonly url: string;
  readonly pid: number;
  /** Of the settings. */
  readonly file: string;
  /** What who changes the station must show. */
  readonly token: string;
  /** Ends the daemon as a power cut would, or in order. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
}

const place = { latitudeDeg: 48.1, longitudeDeg: 11.6, altitudeM: 520 };
/** Catalogue numbers and names of the shipped catalogue. */
const tracked: readonly [number, string][] = [
  [40949, 'GOMX-3'],
  [39444, 'AO-73'],
  [30776, 'FALCONSAT-3'],
  [43466, '1KUNS-PF'],
];

/** @param folder for everything that it writes; @param port 0 takes a free one */
export async function startDemoStation(folder: string, port: number): Promise<DemoStation> {
  const nowMs = Date.now();
  const random = prng(11);
  const [first, ...others] = tracked;
  const elements = [
    upNow(place, nowMs, undefined, { norad: first![0], name: first![1], forMs: 480_000 }),
    ...others.map(([norad, name]) => madeUpElements(nowMs, random, norad, name)),
  ];
  writeFileSync(join(folder, 'elements.json'), JSON.stringify(elements.map((one) => ommOf(one))));
  return startStation(folder, settings(port));
}

/** A station with these settings, that keeps its data in `data` of the folder. */
export async function startStation(folder: string, settings: string): Promise<DemoStation> {
  mkdirSync(join(folder, 'data'), { recursive: true });
  const token = 'the operator’s';
  writeFileSync(join(folder, 'data', 'operator-token'), `${encodeURIComponent(token)}\n`);
  const file = join(folder, 'station.yaml');
  writeFileSync(file, settings);
  let running: Running;
  let url = '';
  async function start(): Promise<void> {
    running = downlinkd('run', '--config', file, '--log-level', 'info');
    [, url] = (await running.seen(/listens on (http:\S+)/)) as unknown as [string, string];
  }
  await start();
  return {
    get url() {
      return url;
    },
    get pid() {
      return running.child.pid!;
    },
    file,
    token: encodeURIComponent(token),
    async stop(signal = 'SIGTERM') {
      running.child.kill(signal);
      await running.exit();
    },
    restart: start,
  };
}

function settings(port: number): string {
  return `# The station of the page's tests and pictures.
station: { callsign: N0CALL, name: Demonstration, latitude: 48.1, longitude: 11.6, altitude_m: 520 }
data_folder: data
api: { port: ${port} }
kiss: false
elements: { sources: [elements.json] }
track:
  - { satellite: GOMX-3, priority: 5 }
  - AO-73
  - FALCONSAT-3
  - 1KUNS-PF
rotators:
  - { id: mast, driver: simulator, azimuth_range_deg: [-180, 450] }
sdrs:
  - { id: wide, driver: simulator, sample_rate: 250000, receive: [GOMX-3], frame_interval_s: 1.5, start: mid-pass, ebn0_db: 14 }
  - { id: beam, driver: simulator, rotator: mast, frame_interval_s: 5 }
collectors:
  - { id: archive, type: file, path: frames.jsonl, format: jsonl, simulated_frames: true }
  - { id: satnogs-db, type: sids, url: 'http://127.0.0.1:9/' }
`;
}
