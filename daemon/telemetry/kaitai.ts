import kaitaiStream from 'kaitai-struct/KaitaiStream.js';
import { definitions } from './definitions.generated.ts';
import { type Dissection, mostFields } from './field.ts';
import { type FieldNote, type KaitaiObject, kaitaiFields } from './kaitai-fields.ts';

// Its types call a default export what is the module itself.
const KaitaiStream = kaitaiStream as unknown as typeof kaitaiStream.default;

interface Definition {
  readonly parser: new (io: InstanceType<typeof KaitaiStream>) => KaitaiObject & { _read(): void };
  readonly types: Readonly<Record<string, readonly FieldNote[]>>;
}

const table: Readonly<Record<string, Definition>> = definitions;

/** The names of config/telemetry/*.ksy. */
export const kaitaiNames: readonly string[] = Object.keys(table);

/** A frame by one of those definitions: as far as it can be read. Never throws for what a frame holds. */
export function dissectKaitai(frame: Uint8Array, name: string): Dissection {
  const { parser, types } = table[name]!;
  // A copy, so that places count from the frame's first byte.
  const io = new KaitaiStream(Uint8Array.from(frame).buffer);
  const object = new parser(io);
  let reason: string | null = null;
  try {
    object._read();
    const left = frame.length - io.pos;
    if (left > 0) reason = `${left} bytes at the end are not described by ${name}`;
  } catch (error) {
    reason =
      error instanceof KaitaiStream.EOFError
        ? `the frame is too short for ${name}: it has ${frame.length} bytes`
        : `the frame does not fit ${name}: ${String(error).slice(0, 200)}`;
  }
  const fields = kaitaiFields(object, types);
  if (fields.length >= mostFields) reason ??= `there are more than ${mostFields} fields: the others are left out`;
  return { fields, reason };
}
