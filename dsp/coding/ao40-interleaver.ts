/**
 * The block interleaver of the AO-40 telemetry: a matrix written by rows of `columns`, read by columns of `rows`. Entry i
 * of the code order is the symbol rows·(i mod columns) + floor(i / columns); the first `columns` entries are the
 * sync word, spread over the block. Source: P. Karn KA9Q, "Proposed Coded AO-40 Telemetry Format" (2002).
 */
export interface Ao40Geometry {
  readonly columns: number;
  readonly rows: number;
  /** First entry that carries a coded symbol. */
  readonly firstCoded: number;
  /** Coded symbols, tail included. */
  readonly coded: number;
}

export const ao40Geometries = {
  long: { columns: 65, rows: 80, firstCoded: 65, coded: 5132 },
  short: { columns: 52, rows: 51, firstCoded: 80, coded: 2572 },
} as const satisfies Record<string, Ao40Geometry>;

/** Channel position of entry `i` in the code order. */
export function ao40Position(geometry: Ao40Geometry, i: number): number {
  return geometry.rows * (i % geometry.columns) + Math.floor(i / geometry.columns);
}
