/** What can go wrong in the world around the program. Callers test the code, people read the message. */
export type StationErrorCode =
  | 'DATA_FOLDER_UNWRITABLE'
  | 'DATA_FOLDER_IN_USE'
  | 'LEDGER_MISSING'
  | 'LEDGER_CORRUPT'
  | 'LEDGER_NEWER'
  | 'LEDGER_WRITE_FAILED'
  | 'PASSES_CORRUPT'
  | 'PASSES_NEWER'
  | 'PASSES_WRITE_FAILED'
  | 'PORT_IN_USE'
  | 'PORT_UNAVAILABLE'
  | 'SETTINGS_INVALID'
  | 'TUNING_IMPOSSIBLE'
  | 'SOURCE_FAILED'
  | 'ELEMENTS_UNREADABLE'
  | 'ELEMENTS_MISSING'
  | 'ORBIT_FAILED'
  | 'CLOCK_NOT_SET'
  | 'ROTATOR_OUT_OF_LIMITS'
  | 'NETWORK_UNREACHABLE'
  | 'NETWORK_REFUSED'
  | 'STREAM_MISSING'
  | 'DATABASE_NEWER'
  | 'DATABASE_FAILED'
  | 'OUTPUT_FAILED'
  | `${'ROTATOR' | 'RIG'}_${'UNREACHABLE' | 'TIMEOUT' | 'NONSENSE' | 'REFUSED' | 'BUSY'}`;

/** A broken world: one clear line for a person, a code for a program, the cause for the log. */
export class StationError extends Error {
  override readonly name = 'StationError';
  readonly code: StationErrorCode;

  constructor(code: StationErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The `code` of a Node or SQLite error, or null when there is none. */
export function systemCode(error: unknown): string | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : null;
}
