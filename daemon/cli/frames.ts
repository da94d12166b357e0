import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { StoredFrame } from '../api/wire.ts';
import { systemCode } from '../core/error.ts';
import { readIsoTime } from '../core/iso-time.ts';
import { kissRecord } from '../decode/kiss.ts';
import {
  findSatellite,
  loadCatalogue,
  ownSatellites,
  SatelliteNotFound,
  shippedSatellites,
} from '../satellites/catalogue.ts';
import { frameTelemetry } from '../satellites/frame-telemetry.ts';
import { loadSettings } from '../settings/settings.ts';
import { type FrameQuery, type FrameReader, openLedgerForReading } from '../store/ledger.ts';
import { type Command, type CommandIo, UsageError } from './command.ts';
import { joinNegative } from './negative-values.ts';

const formats = {
  jsonl: (frame: StoredFrame) => `${JSON.stringify(frame)}\n`,
  hex: ({ frame }: StoredFrame) => `${frame}\n`,
  csv: (frame: StoredFrame) => `${csvColumns.map((column) => csvCell(frame[column])).join(',')}\n`,
  kiss: ({ frame, time }: StoredFrame) => kissRecord(Buffer.from(frame, 'hex'), time === null ? null : new Date(time)),
} as const satisfies Record<string, (frame: StoredFrame) => string | Uint8Array>;

type Format = keyof typeof formats;

/** Formats that do not tell a simulated frame from a real one. */
const bareFormats: readonly Format[] = ['hex', 'kiss'];

const csvColumns = [
  'seq',
  'id',
  'time',
  'satellite',
  'transmitter',
  'mode',
  'snr_db',
  'offset_hz',
  'simulated',
  'frame',
] as const satisfies readonly (keyof StoredFrame)[];

/** Frames read from the ledger at a time. */
const batchFrames = 500;
/** How soon --follow sees a new frame, at the latest. */
const followMs = 500;

export const run: Command = {
  name: 'frames',
  summary: 'print stored frames',
  help: `
Usage: downlinkd frames [OPTIONS]

Prints the frames of the station's ledger in the order of their numbers; works while the station runs.

Options:
  --since SEQ|TIME      frames with a higher number, or received at this time (ISO 8601) or later
  --satellite NAME      frames of one satellite, by name or catalogue number
  --simulated yes|no    only simulated frames, or none of them
  --limit N             at most so many
  --last N              the newest so many
  --format FORMAT       ${Object.keys(formats).join(', ')} (default jsonl)
  --json                the same as --format jsonl
  --telemetry           adds what each frame says to its line of jsonl
  --follow              goes on with new frames until interrupted; waits for a station that never ran
  --config FILE         settings that tell the data folder
  --data-folder FOLDER  the data folder itself
`,
  async run(argv, io) {
    const { values } = parseArgs({
      args: joinNegative(argv, ['since', 'limit', 'last']),
      options: {
        since: { type: 'string', default: '0' },
        satellite: { type: 'string' },
        simulated: { type: 'string' },
        limit: { type: 'string' },
        last: { type: 'string' },
        format: { type: 'string' },
        json: { type: 'boolean', default: false },
        telemetry: { type: 'boolean', default: false },
        follow: { type: 'boolean', default: false },
        config: { type: 'string' },
        'data-folder': { type: 'string' },
      },
    });
    const from = parseSince(values.since);
    const limit = values.limit === undefined ? Number.POSITIVE_INFINITY : parseCount('limit', values.limit);
    const last = values.last === undefined ? null : parseCount('last', values.last);
    if (last !== null && values.limit !== undefined)
      throw new UsageError('--limit is the oldest so many, --last the newest: say one of them');
    const simulated = parseSimulated(values.simulated);
    const format = parseFormat(values.format, values.json);
    if (values.telemetry && format !== 'jsonl') throw new UsageError('--telemetry goes with --format jsonl only');
    const dataFolder = values['data-folder'] ?? loadSettings(values.config).dataFolder;
    const ledger = values.follow ? await openWhenThere(dataFolder, io) : openLedgerForReading(dataFolder);
    if (ledger === null) return 0;
    try {
      const satellite = values.satellite === undefined ? undefined : storedName(values.satellite, dataFolder, ledger);
      const telemetry = values.telemetry ? frameTelemetry(catalogueOf(dataFolder)) : null;
      const wanted = { since: from.since, satellite, simulated, fromTime: from.time };
      if (format === 'csv') await write(io, `${csvColumns.join(',')}\n`);
      let since = last === null ? from.since : beforeLast(ledger, wanted, last);
      let left = limit;
      const written = { all: 0, simulated: 0 };
      while (left > 0 && !io.signal.aborted) {
        const frames = ledger.frames({ ...wanted, since, limit: Math.min(left, batchFrames) });
        for (const frame of frames) {
          const line = telemetry === null ? frame : { ...frame, telemetry: telemetry(frame) };
          await write(io, formats[format](line));
          written.all += 1;
          if (frame.simulated) written.simulated += 1;
        }
        since = frames.at(-1)?.seq ?? since;
        left -= frames.length;
        if (frames.length > 0) continue;
        if (!values.follow) break;
        await sleep(followMs, undefined, { signal: io.signal }).catch(() => {});
      }
      if (written.simulated > 0 && bareFormats.includes(format)) io.stderr.write(toldSimulated(written, format));
      // Nothing but an interruption ends --follow: its work is done then.
      return io.signal.aborted && !values.follow ? 130 : 0;
    } finally {
      ledger.close();
    }
  },
};

/** Null: it was interrupted before the station made the ledger. */
async function openWhenThere(dataFolder: string, io: CommandIo): Promise<FrameReader | null> {
  let waited = false;
  for (let missing = false; !io.signal.aborted; ) {
    try {
      return openLedgerForReading(dataFolder);
    } catch (error) {
      const code = systemCode(error);
      // Found just while it is made it looks damaged.
      if (code !== 'LEDGER_MISSING' && !(code === 'LEDGER_CORRUPT' && missing)) throw error;
      if (!waited) io.stderr.write(`downlinkd: ${(error as Error).message}: waiting for the station's first start\n`);
      waited = true;
      missing = code === 'LEDGER_MISSING';
    }
    await sleep(followMs, undefined, { signal: io.signal }).catch(() => {});
  }
  return null;
}

/** The number behind which the newest `count` of the wanted frames are. */
function beforeLast(ledger: FrameReader, wanted: Omit<FrameQuery, 'limit'>, count: number): number {
  let left = count;
  for (let upTo = ledger.lastSeq(); upTo > wanted.since; upTo -= batchFrames) {
    const since = Math.max(wanted.since, upTo - batchFrames);
    const found = ledger.frames({ ...wanted, since, upTo, limit: batchFrames });
    if (found.length >= left) return found[found.length - left]!.seq - 1;
    left -= found.length;
  }
  return wanted.since;
}

function toldSimulated({ all, simulated }: { all: number; simulated: number }, format: Format): string {
  return (
    `downlinkd: ${simulated} of ${all} frames ${simulated === 1 ? 'is' : 'are'} simulated, which ${format} does not tell: ` +
    `--simulated no leaves them out, 'downlinkd import --simulated' marks them\n`
  );
}

function parseSince(text: string): { since: number; time?: string } {
  if (/^\d{1,15}$/.test(text)) return { since: Number(text) };
  const time = readIsoTime(text);
  if (time === null) {
    throw new UsageError(`--since ${text}: a frame's number or a time such as 2026-01-31T12:00:00Z is expected`);
  }
  return { since: 0, time: new Date(time).toISOString() };
}

function parseCount(option: string, text: string): number {
  if (!/^\d{1,15}$/.test(text) || Number(text) === 0)
    throw new UsageError(`--${option} ${text}: a number of frames, 1 or more, is expected`);
  return Number(text);
}

function parseSimulated(text: string | undefined): boolean | undefined {
  if (text !== undefined && text !== 'yes' && text !== 'no')
    throw new UsageError(`--simulated ${text}: yes or no is expected`);
  return text === undefined ? undefined : text === 'yes';
}

function parseFormat(text: string | undefined, json: boolean): Format {
  const format = text ?? 'jsonl';
  if (!Object.hasOwn(formats, format)) {
    throw new UsageError(`--format ${format}: one of ${Object.keys(formats).join(', ')} is expected`);
  }
  if (json && format !== 'jsonl') throw new UsageError(`--json and --format ${format} exclude each other`);
  return format as Format;
}

/** The ledger may know satellites that the catalogue doesn't know any more. */
function storedName(nameOrNorad: string, dataFolder: string, ledger: FrameReader): string {
  try {
    return findSatellite(catalogueOf(dataFolder), nameOrNorad).name;
  } catch (error) {
    if (!(error instanceof SatelliteNotFound)) throw error;
    if (ledger.frames({ since: 0, limit: 1, satellite: nameOrNorad }).length > 0) return nameOrNorad;
    throw new UsageError(error.message);
  }
}

function catalogueOf(dataFolder: string) {
  return loadCatalogue(shippedSatellites(), ownSatellites(dataFolder));
}

function csvCell(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function write(io: CommandIo, data: string | Uint8Array): Promise<void> {
  if (!io.stdout.write(data)) {
    await new Promise<void>((resolve) => io.stdout.once('drain', resolve));
  }
}
