import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { formatMode } from '../../dsp/mode.ts';
import { StationError, systemCode } from '../core/error.ts';
import { type KissFrame, type KissRejects, kissReader } from '../decode/kiss-reader.ts';
import { type ByteSource, openFile, streamSource } from '../inputs/byte-source.ts';
import { InputError } from '../inputs/input.ts';
import {
  findSatellite,
  loadCatalogue,
  ownSatellites,
  SatelliteNotFound,
  shippedSatellites,
} from '../satellites/catalogue.ts';
import type { Satellite } from '../satellites/satellite.ts';
import { loadSettings } from '../settings/settings.ts';
import { type FolderLock, lockDataFolder } from '../store/folder-lock.ts';
import { type KnownFrames, openKnownFrames } from '../store/known-frames.ts';
import { type Ledger, openLedger, type UnstoredFrame } from '../store/ledger.ts';
import { type Command, type CommandIo, UsageError } from './command.ts';

const chunkBytes = 65_536;

export const run: Command = {
  name: 'import',
  summary: 'take frames of other programs into the ledger',
  help: `
Usage: downlinkd import FILE... --satellite NAME [OPTIONS]

Takes the frames of KISS files into the station's ledger, with the times of gr-satellites' timestamp records; - is standard
input. Frames that the ledger has already, with the same time, are left out, so a file may be imported again. The station
must not be running.

Options:
  --satellite NAME      whose frames they are, by name or catalogue number
  --transmitter ID      from which of its transmitters
  --simulated           they are simulated: KISS does not tell
  --config FILE         settings that tell the data folder
  --data-folder FOLDER  the data folder itself
`,
  async run(argv, io) {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        satellite: { type: 'string' },
        transmitter: { type: 'string' },
        simulated: { type: 'boolean', default: false },
        config: { type: 'string' },
        'data-folder': { type: 'string' },
      },
    });
    if (positionals.length === 0) throw new UsageError('a KISS file is needed, or - for standard input');
    if (values.satellite === undefined) throw new UsageError('--satellite NAME is needed: KISS does not tell it');
    const { station, dataFolder: usualFolder } = loadSettings(values.config);
    const dataFolder = values['data-folder'] ?? usualFolder;
    const satellite = find(values.satellite, dataFolder);
    const origin = { ...originOf(satellite, values.transmitter), simulated: values.simulated };
    const lock = lockFor(dataFolder);
    try {
      const ledger = openLedger(dataFolder, station.callsign ?? station.name ?? '');
      try {
        let good = true;
        for (const name of positionals) {
          const known = openKnownFrames(dataFolder, satellite.name);
          try {
            good = (await importFile(name, origin, ledger, known, io)) && good;
          } finally {
            known.close();
          }
        }
        return io.signal.aborted ? 130 : good ? 0 : 1;
      } finally {
        ledger.close();
      }
    } finally {
      lock.release();
    }
  },
};

function find(name: string, dataFolder: string): Satellite {
  try {
    return findSatellite(loadCatalogue(shippedSatellites(), ownSatellites(dataFolder)), name);
  } catch (error) {
    if (error instanceof SatelliteNotFound) throw new UsageError(error.message);
    throw error;
  }
}

function lockFor(dataFolder: string): FolderLock {
  try {
    return lockDataFolder(dataFolder);
  } catch (error) {
    if (systemCode(error) !== 'DATA_FOLDER_IN_USE') throw error;
    const message = `${(error as Error).message}: stop it while frames are imported`;
    throw new StationError('DATA_FOLDER_IN_USE', message, { cause: error });
  }
}

type Origin = Omit<UnstoredFrame, 'time' | 'frame'>;

/** What is known of every frame before it is read. Its evidence is not: collectors take it for weak. */
function originOf(satellite: Satellite, id: string | undefined): Omit<Origin, 'simulated'> {
  const transmitter = satellite.transmitters.find((one) => one.id === id);
  if (id !== undefined && transmitter === undefined) {
    const ids = satellite.transmitters.map((one) => one.id).join(', ') || 'none';
    throw new UsageError(`${satellite.name} has no transmitter '${id}'; it has ${ids}`);
  }
  return {
    sample: 0,
    satellite: satellite.name,
    transmitter: transmitter?.id ?? null,
    mode: transmitter === undefined ? 'import' : formatMode(transmitter.mode),
    integrity: { crc: 'none', fec: 'none', correctedSymbols: 0, repairedBits: 0, falseAlarmsPerHour: null },
    snr_db: null,
    offset_hz: null,
    modulation_index: null,
    clock_ppm: null,
    sync_quality: null,
    norad: satellite.norad,
    sdr: null,
    pass: null,
    clock: 'unknown',
    clock_source: 'import',
  };
}

/** @returns whether it held frames */
async function importFile(
  name: string,
  origin: Origin,
  ledger: Ledger,
  known: KnownFrames,
  io: CommandIo,
): Promise<boolean> {
  const reader = kissReader();
  let added = 0;
  let present = 0;
  let empty = 0;
  const store = (frames: readonly KissFrame[]) => {
    const whole = frames
      .filter(({ frame }) => frame.length > 0)
      .map(({ frame, time }) => ({ frame, time: time?.toISOString() ?? null }));
    const fresh = known.newAmong(whole).map(({ frame, time }) => ({ ...origin, time, frame: hex(frame) }));
    empty += frames.length - whole.length;
    present += whole.length - fresh.length;
    if (fresh.length > 0) ledger.append(fresh);
    added += fresh.length;
  };
  const source = await openSource(name, io);
  const chunk = new Uint8Array(chunkBytes);
  try {
    while (!io.signal.aborted) {
      const count = await source.read(chunk);
      if (count === 0) break;
      store(reader.push(chunk.subarray(0, count)));
    }
  } catch (error) {
    if (!io.signal.aborted) throw error;
  } finally {
    await source.close();
  }
  reader.end();
  const there = present > 0 ? `, ${present} there already` : '';
  const kind = origin.simulated ? ' as simulated' : '';
  io.stdout.write(`${name}: ${added} frame${added === 1 ? '' : 's'} imported${kind}${there}\n`);
  const left = leftOut(reader.rejects, empty);
  if (left !== '') io.stderr.write(`downlinkd: ${name}: records left out: ${left}\n`);
  if (added + present > 0) return true;
  if (!io.signal.aborted) io.stderr.write(`downlinkd: ${name}: no frames: it is not a KISS file, or an empty one\n`);
  return false;
}

async function openSource(name: string, io: CommandIo): Promise<ByteSource> {
  if (name !== '-') {
    if (statSync(name, { throwIfNoEntry: false })?.isDirectory())
      throw new InputError(
        'INPUT_UNREADABLE',
        `${name}: is a folder: name the KISS files in it, such as ${join(name, '*.kss')}`,
      );
    return openFile(name);
  }
  const stdin = io.stdin as Readable;
  io.signal.addEventListener('abort', () => stdin.destroy(), { once: true });
  return streamSource(stdin as AsyncIterable<Uint8Array | string>);
}

function leftOut(rejects: Readonly<KissRejects>, empty: number): string {
  const words: readonly (readonly [number, string])[] = [
    [rejects.badEscapes, 'with a bad escape'],
    [rejects.tooLong, 'too long for a frame'],
    [rejects.otherCommands, 'no data'],
    [rejects.badTimestamps, 'bad timestamp'],
    [empty, 'empty'],
    [rejects.unfinished, 'cut off at the end'],
    [rejects.strayBytes, 'bytes before the first record'],
  ];
  return words
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ');
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
