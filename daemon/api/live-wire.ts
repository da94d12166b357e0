/**
 * The binary half of `/api/live/stream`: rows of the waterfall and looks into channels, for the status page. Little-endian.
 * A client says with JSON what it wants; the station answers with JSON about captures and with binary messages. Nothing waits for a
 * client: what it does not take in time is replaced by what is newer.
 */

/** What a client wants from now on; what is left out is not sent. */
export interface LiveWish {
  readonly waterfall?: {
    readonly sdr: string;
    /** Columns of a row, 64 to 4096. */
    readonly bins: number;
    /** Rows a second, 0.2 to 20. */
    readonly rowsPerS: number;
    /** So many rows of the time before, at most, one a second, when the looking begins; 1 to 120. Left out: none. */
    readonly pastRows?: number;
    /** The part of the capture that is looked at, Hz; left out, all of it. */
    readonly lowHz?: number;
    readonly highHz?: number;
  };
  readonly channel?: { readonly sdr: string; readonly satellite: string; readonly transmitter: string };
}

/** Sent at the beginning of a capture, at every change of it, and behind every wish. */
export interface LiveCapture {
  readonly kind: 'capture';
  /** In every binary message of this capture. */
  readonly capture: number;
  readonly sdr: string;
  readonly centreHz: number;
  readonly sampleRate: number;
  /** In the order of the tracked offsets of a row. */
  readonly channels: readonly {
    readonly satellite: string;
    readonly transmitter: string;
    readonly mode: string;
    readonly frequencyHz: number;
    /** Width that is received, Hz. */
    readonly bandwidthHz: number;
  }[];
}

/** The SDR receives nothing, or hands over no samples. */
export interface LiveNothing {
  readonly kind: 'nothing';
  readonly sdr: string;
  readonly reason: string;
}

export type LiveText = LiveCapture | LiveNothing;

export const liveKinds = { row: 1, channel: 2, past: 3 } as const;

/** dB of a byte of a spectrum: `floorDb + byte · stepDb`. */
export interface LiveRow {
  /** `past`: one of the time before, with columns of its own and all of the capture. Noise of another bin width lies higher or lower. */
  readonly kind: 'row' | 'past';
  readonly capture: number;
  /** UTC of the row's middle, ms since 1970. */
  readonly timeMs: number;
  /** Frequencies of the row's edges. */
  readonly lowHz: number;
  readonly highHz: number;
  readonly floorDb: number;
  readonly stepDb: number;
  /** Where each channel is now, with its Doppler shift, Hz. */
  readonly channelsHz: Float64Array;
  /** From the lowest frequency up. */
  readonly levels: Uint8Array;
}

/** A look into a channel: a tenth of a second of it, or so. */
export interface LiveChannel {
  readonly kind: 'channel';
  readonly capture: number;
  /** Index in `LiveCapture.channels`. */
  readonly channel: number;
  readonly timeMs: number;
  /** Power above the noise beside it, dB; NaN while there is none. */
  readonly snrDb: number;
  /** Of the signal against where it is expected, Hz; NaN while there is none. */
  readonly offsetHz: number;
  /** Edges of the spectrum, Hz against where the channel is expected. */
  readonly lowHz: number;
  readonly highHz: number;
  readonly floorDb: number;
  readonly stepDb: number;
  readonly spectrum: Uint8Array;
  /** PSK: symbols, re and im in turn. FSK: traces of the eye, `traceLength` values each. Both in −127 … 127, which is ±1.5 of the mean symbol. */
  readonly shape: 'constellation' | 'eye';
  readonly traceLength: number;
  readonly points: Int8Array;
  /** Soft symbols from −1.5 to 1.5, in bins of equal width. */
  readonly histogram: Uint16Array;
}

const rowHeadBytes = 48;
const channelHeadBytes = 72;

export function encodeLiveRow(row: LiveRow): Uint8Array {
  const { kind, capture, timeMs, lowHz, highHz, floorDb, stepDb, channelsHz, levels } = row;
  const bytes = new Uint8Array(rowHeadBytes + 8 * channelsHz.length + levels.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, liveKinds[kind]);
  view.setUint32(4, capture, true);
  view.setFloat64(8, timeMs, true);
  view.setFloat64(16, lowHz, true);
  view.setFloat64(24, highHz, true);
  view.setFloat32(32, floorDb, true);
  view.setFloat32(36, stepDb, true);
  view.setUint32(40, channelsHz.length, true);
  view.setUint32(44, levels.length, true);
  channelsHz.forEach((hz, i) => {
    view.setFloat64(rowHeadBytes + 8 * i, hz, true);
  });
  bytes.set(levels, rowHeadBytes + 8 * channelsHz.length);
  return bytes;
}

export function encodeLiveChannel(look: LiveChannel): Uint8Array {
  const { spectrum, points, histogram } = look;
  const bytes = new Uint8Array(channelHeadBytes + 2 * histogram.length + spectrum.length + points.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, liveKinds.channel);
  view.setUint8(1, look.shape === 'eye' ? 1 : 0);
  view.setUint16(2, look.traceLength, true);
  view.setUint32(4, look.capture, true);
  view.setFloat64(8, look.timeMs, true);
  view.setFloat64(16, look.lowHz, true);
  view.setFloat64(24, look.highHz, true);
  view.setFloat32(32, look.floorDb, true);
  view.setFloat32(36, look.stepDb, true);
  view.setFloat32(40, look.snrDb, true);
  view.setFloat32(44, look.offsetHz, true);
  view.setUint32(48, look.channel, true);
  view.setUint32(52, spectrum.length, true);
  view.setUint32(56, points.length, true);
  view.setUint32(60, histogram.length, true);
  histogram.forEach((count, i) => {
    view.setUint16(channelHeadBytes + 2 * i, count, true);
  });
  bytes.set(spectrum, channelHeadBytes + 2 * histogram.length);
  bytes.set(
    new Uint8Array(points.buffer, points.byteOffset, points.length),
    channelHeadBytes + 2 * histogram.length + spectrum.length,
  );
  return bytes;
}

/** @throws RangeError for what is no message */
export function decodeLive(buffer: ArrayBuffer): LiveRow | LiveChannel {
  const view = new DataView(buffer);
  const kind = view.getUint8(0);
  if (kind === liveKinds.row || kind === liveKinds.past) {
    const channels = view.getUint32(40, true);
    const bins = view.getUint32(44, true);
    return {
      kind: kind === liveKinds.row ? 'row' : 'past',
      capture: view.getUint32(4, true),
      timeMs: view.getFloat64(8, true),
      lowHz: view.getFloat64(16, true),
      highHz: view.getFloat64(24, true),
      floorDb: view.getFloat32(32, true),
      stepDb: view.getFloat32(36, true),
      channelsHz: new Float64Array(buffer.slice(rowHeadBytes, rowHeadBytes + 8 * channels)),
      levels: new Uint8Array(buffer, rowHeadBytes + 8 * channels, bins),
    };
  }
  if (kind !== liveKinds.channel) throw new RangeError(`no live message of the kind ${kind}`);
  const [spectrum, points, histogram] = [52, 56, 60].map((at) => view.getUint32(at, true)) as [number, number, number];
  const spectrumAt = channelHeadBytes + 2 * histogram;
  return {
    kind: 'channel',
    shape: view.getUint8(1) === 1 ? 'eye' : 'constellation',
    traceLength: view.getUint16(2, true),
    capture: view.getUint32(4, true),
    timeMs: view.getFloat64(8, true),
    lowHz: view.getFloat64(16, true),
    highHz: view.getFloat64(24, true),
    floorDb: view.getFloat32(32, true),
    stepDb: view.getFloat32(36, true),
    snrDb: view.getFloat32(40, true),
    offsetHz: view.getFloat32(44, true),
    channel: view.getUint32(48, true),
    spectrum: new Uint8Array(buffer, spectrumAt, spectrum),
    points: new Int8Array(buffer, spectrumAt + spectrum, points),
    histogram: new Uint16Array(buffer.slice(channelHeadBytes, spectrumAt)),
  };
}
