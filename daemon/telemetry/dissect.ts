import type { FramingName } from '../../dsp/framing/names.ts';
import type { TelemetryReport } from '../api/wire.ts';
import { dissectAx25 } from './ax25.ts';
import { dissectCsp } from './csp.ts';
import type { Dissection } from './field.ts';
import { dissectKaitai } from './kaitai.ts';
import type { TelemetryName } from './names.ts';

const builtIn: Readonly<Partial<Record<TelemetryName, (frame: Uint8Array) => Dissection>>> = {
  ax25: dissectAx25,
  csp: (frame) => dissectCsp(frame),
  csp_swapped: (frame) => dissectCsp(frame, 'little-endian'),
};

/** What frames of a framing carry, whatever satellite sends them. */
const carriedBy: Readonly<Partial<Record<FramingName, TelemetryName>>> = {
  ax25: 'ax25',
  'ax25-g3ruh': 'ax25',
  ua01: 'ax25',
  fx25: 'ax25',
  'fx25-g3ruh': 'ax25',
  il2p: 'ax25',
  'ax100-asmgolay': 'csp',
  'ax100-reed-solomon': 'csp',
  u482c: 'csp',
};

interface FrameToRead {
  /** Hex. */
  readonly frame: string;
  readonly mode: string;
  readonly simulated?: boolean;
}

/** The fields of a frame: by the definition that the satellite's file names, or else by what its framing carries. */
export function dissect(frame: FrameToRead, named?: TelemetryName) {
  // The simulator fills frames with made-up bytes, which a packet's header would make look like something.
  if (frame.simulated && named === undefined) {
    const reason = "this frame is simulated, and its bytes are made up; the satellite's file names no telemetry";
    return { definition: null, fields: [], reason } satisfies TelemetryReport;
  }
  const framing = frame.mode.split(':')[2]?.split(',')[0] ?? '';
  const definition = named ?? carriedBy[framing as FramingName] ?? null;
  if (definition === null) {
    const reason = `nothing is known about what frames of ${framing} hold, and the satellite's file names no telemetry`;
    return { definition, fields: [], reason } satisfies TelemetryReport;
  }
  const bytes = Buffer.from(frame.frame, 'hex');
  const { fields, reason } = builtIn[definition]?.(bytes) ?? dissectKaitai(bytes, definition);
  return { definition, fields, reason } satisfies TelemetryReport;
}
