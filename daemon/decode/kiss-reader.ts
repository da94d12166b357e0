import { dataCommand, fend, fesc, tfend, tfesc, timestampCommand } from './kiss.ts';

export interface KissFrame {
  readonly frame: Uint8Array;
  /** Of the timestamp record right before it; null when there is none. */
  readonly time: Date | null;
}

/** What was not a frame, by reason. */
export interface KissRejects {
  /** Records with an escape that KISS does not know. */
  badEscapes: number;
  /** Records longer than `maxFrameBytes`. */
  tooLong: number;
  /** Timestamp records that are not eight bytes, or of no year up to 9999. */
  badTimestamps: number;
  /** Records of other commands than data and timestamp. */
  otherCommands: number;
  /** Bytes before the first FEND. */
  strayBytes: number;
  /** A last record without its FEND: cut off, and not taken. */
  unfinished: number;
}

export interface KissReader {
  /** Bytes as they come, cut anywhere. Never throws. */
  push(bytes: Uint8Array): KissFrame[];
  /** No more comes. */
  end(): void;
  readonly rejects: Readonly<KissRejects>;
  /** Bytes up to and with the FEND that closed the last data record; 0 before the first. */
  readonly dataEnd: number;
}

/** Far above any frame of a satellite: a file without FEND must not fill the memory. */
const usualMaxFrameBytes = 65_536;
const latestTime = Date.UTC(10_000, 0) - 1;

/**
 * Reads KISS records, and the timestamps that gr-satellites writes before them. One FEND may end a record and begin the next.
 * The port is not looked at. Source: Chepponis and Karn, "The KISS TNC", 1987.
 */
export function kissReader(maxFrameBytes = usualMaxFrameBytes): KissReader {
  const rejects: KissRejects = {
    badEscapes: 0,
    tooLong: 0,
    badTimestamps: 0,
    otherCommands: 0,
    strayBytes: 0,
    unfinished: 0,
  };
  // The command byte and the frame; filled up, the record is too long.
  const record = Buffer.alloc(maxFrameBytes + 2);
  let length = 0;
  let started = false;
  let escaped = false;
  let badEscape = false;
  let time: Date | null = null;
  let position = 0;
  let dataEnd = 0;

  function put(byte: number): void {
    if (length < record.length) record[length++] = byte;
  }

  function take(): KissFrame | null {
    const timeBefore = time;
    time = null;
    if (badEscape || escaped) rejects.badEscapes++;
    else if (length > maxFrameBytes + 1) rejects.tooLong++;
    else if (record[0] === timestampCommand) time = timestampOf(record.subarray(1, length));
    else if ((record[0]! & 0x0f) !== dataCommand) rejects.otherCommands++;
    else return { frame: Uint8Array.from(record.subarray(1, length)), time: timeBefore };
    return null;
  }

  function timestampOf(payload: Buffer): Date | null {
    const milliseconds = payload.length === 8 ? payload.readBigUInt64BE() : null;
    if (milliseconds !== null && milliseconds <= BigInt(latestTime)) return new Date(Number(milliseconds));
    rejects.badTimestamps++;
    return null;
  }

  return {
    push(bytes) {
      const frames: KissFrame[] = [];
      for (const byte of bytes) {
        position++;
        if (byte === fend) {
          if (started && (length > 0 || badEscape || escaped)) {
            const frame = take();
            if (frame !== null) {
              frames.push(frame);
              dataEnd = position;
            }
          }
          started = true;
          escaped = false;
          badEscape = false;
          length = 0;
        } else if (!started) rejects.strayBytes++;
        else if (escaped) {
          escaped = false;
          if (byte === tfend) put(fend);
          else if (byte === tfesc) put(fesc);
          else badEscape = true;
        } else if (byte === fesc) escaped = true;
        else put(byte);
      }
      return frames;
    },
    end() {
      if (length > 0 || escaped || badEscape) rejects.unfinished++;
      length = 0;
      escaped = false;
      badEscape = false;
      time = null;
      started = false;
    },
    rejects,
    get dataEnd() {
      return dataEnd;
    },
  };
}
