import type { TelemetryField } from '../api/wire.ts';
import { hex, mostFields } from './field.ts';

/** What scripts/build-telemetry.mjs notes of a field or an instance of a Kaitai type. */
export interface FieldNote {
  readonly name: string;
  /** The property that holds its value. */
  readonly key: string;
  /** The property that it was computed from alone. */
  readonly raw?: string;
  /** Computed from several fields, or none. */
  readonly computed?: boolean;
  readonly unit?: string;
  /** Its width, where it is no whole bytes. */
  readonly bits?: number;
  /** Words for its numbers. */
  readonly values?: Readonly<Record<string, string | { readonly id: string }>>;
  readonly hidden?: boolean;
}

/** An object of a parser compiled in debug mode, read as a whole or in part. */
export interface KaitaiObject {
  readonly _io: { readonly buffer: ArrayBuffer };
  readonly _debug: Readonly<Record<string, Range & { readonly arr?: readonly Range[] }>>;
  readonly [key: string]: unknown;
}

interface Range {
  readonly start?: number;
  readonly end?: number;
  readonly ioOffset?: number;
}

type Place = Pick<TelemetryField, 'offset' | 'length'>;

const nowhere: Place = { offset: null, length: null };

/** The fields of a parsed object as a flat list, up to `mostFields`; those that were not read are left out. */
export function kaitaiFields(root: KaitaiObject, types: Readonly<Record<string, readonly FieldNote[]>>) {
  const fields: TelemetryField[] = [];

  function addObject(object: KaitaiObject, prefix: string): void {
    // Bytes that a definition transforms before it looks inside have no places in the frame.
    const ofFrame = object._io.buffer === root._io.buffer;
    let bits = 0;
    let bitsFrom = 0;
    for (const note of types[object.constructor.name] ?? []) {
      const range = object._debug[note.raw ?? note.key];
      if (note.computed !== true && range?.start === undefined) continue;
      let place = ofFrame && note.computed !== true ? placeOf(range) : nowhere;
      if (note.bits === undefined) bits = 0;
      else {
        // The stream's own position is behind the byte that the bits of a field begin in.
        if (bits === 0) bitsFrom = (range?.start ?? 0) + (range?.ioOffset ?? 0);
        const first = bits >> 3;
        bits += note.bits;
        if (ofFrame) place = { offset: bitsFrom + first, length: ((bits + 7) >> 3) - first };
      }
      const value = note.hidden ? undefined : read(object, note);
      if (value !== undefined) addValue(value, `${prefix}${note.name}`, note, place, ofFrame, range?.arr);
    }
  }

  function addValue(
    value: unknown,
    name: string,
    note: FieldNote,
    place: Place,
    ofFrame: boolean,
    items?: readonly Range[],
  ): void {
    if (fields.length >= mostFields) return;
    if (Array.isArray(value)) {
      value.forEach((item, i) => {
        addValue(item, `${name}.${i}`, note, ofFrame ? placeOf(items?.[i]) : nowhere, ofFrame);
      });
    } else if (isKaitaiObject(value)) {
      addObject(value, `${name}.`);
    } else if (!(value instanceof Uint8Array && value.length === 0)) {
      const unit = note.unit === undefined ? {} : { unit: note.unit };
      fields.push({ name, value: shown(value, note), ...unit, ...place });
    }
  }

  addObject(root, '');
  return fields;
}

/** An instance is computed when it is asked for, which fails where the frame ended before what it is computed from. */
function read(object: KaitaiObject, note: FieldNote): unknown {
  if (note.raw !== undefined && object._debug[note.raw]?.end === undefined) return undefined;
  try {
    const value = object[note.key];
    return Number.isNaN(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

function placeOf(range: Range | undefined): Place {
  if (range?.start === undefined || range.end === undefined) return nowhere;
  return { offset: range.start + (range.ioOffset ?? 0), length: range.end - range.start };
}

function isKaitaiObject(value: unknown): value is KaitaiObject {
  return typeof value === 'object' && value !== null && '_debug' in value;
}

function shown(value: unknown, note: FieldNote): TelemetryField['value'] {
  if (value instanceof Uint8Array) return hex(value);
  // Text of a fixed width is filled up with blanks or zeros.
  if (typeof value === 'string') return value.replace(/[\0 ]+$/, '');
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  const word = note.values?.[value];
  if (word !== undefined) return typeof word === 'string' ? word : word.id;
  // Twelve digits are more than any sensor has, and fewer than a sum of decimal fractions errs in.
  return Number.isInteger(value) ? value : Number(value.toPrecision(12));
}
