import type { TelemetryField } from '../../../daemon/api/wire.ts';

/** The field that a byte belongs to: of several the shortest, which says most. -1: none. */
export function fieldAt(fields: readonly TelemetryField[], byte: number): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  fields.forEach(({ offset, length }, i) => {
    if (offset === null || length === null || byte < offset || byte >= offset + length || length >= least) return;
    best = i;
    least = length;
  });
  return best;
}

/** First byte and the one behind the last; null for a field without bytes. */
export function bytesOfField(field: TelemetryField | undefined): readonly [number, number] | null {
  if (field === undefined || field.offset === null || field.length === null) return null;
  return [field.offset, field.offset + field.length];
}
