import type { StoredFrame } from '../../../daemon/api/wire.ts';
import { bytesOf } from './bytes.ts';

/** Frames as files, as `downlinkd frames` writes them. */
export const formats = {
  kiss: { extension: 'kss', type: 'application/octet-stream', parts: (frames) => frames.map(kissRecord) },
  json: {
    extension: 'jsonl',
    type: 'application/jsonl',
    parts: (frames) => frames.map((frame) => `${JSON.stringify(frame)}\n`),
  },
  csv: { extension: 'csv', type: 'text/csv', parts: (frames) => [csvHead, ...frames.map(csvLine)] },
} as const satisfies Record<string, Format>;

interface Format {
  readonly extension: string;
  readonly type: string;
  readonly parts: (frames: readonly StoredFrame[]) => (string | Uint8Array<ArrayBuffer>)[];
}

export type FormatName = keyof typeof formats;

/** Source: Chepponis and Karn, "The KISS TNC", 1987. */
const fend = 0xc0;
const escapes: Readonly<Record<number, readonly [number, number]>> = { 192: [0xdb, 0xdc], 219: [0xdb, 0xdd] };
const dataCommand = 0;
/** Not of the paper: gr-satellites' frame before each data frame, ms since 1970 as u64 big-endian. */
const timestampCommand = 9;

/** A frame as KISS, with its time before it where that is known. */
export function kissRecord({ frame, time }: Pick<StoredFrame, 'frame' | 'time'>): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  if (time !== null) {
    const stamp = new DataView(new ArrayBuffer(8));
    stamp.setBigUint64(0, BigInt(Math.max(0, Date.parse(time))));
    add(bytes, timestampCommand, new Uint8Array(stamp.buffer));
  }
  add(bytes, dataCommand, bytesOf(frame));
  return Uint8Array.from(bytes);
}

function add(to: number[], command: number, payload: Uint8Array): void {
  to.push(fend, command);
  for (const byte of payload) to.push(...(escapes[byte] ?? [byte]));
  to.push(fend);
}

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

const csvHead = `${csvColumns.join(',')}\n`;

export function csvLine(frame: StoredFrame): string {
  return `${csvColumns.map((column) => csvCell(frame[column])).join(',')}\n`;
}

/** RFC 4180: quoted where it must be. */
export function csvCell(value: string | number | boolean | null): string {
  const text = String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
