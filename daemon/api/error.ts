import type { ErrorAnswer } from './wire.ts';

/** Every error that a client can get, and its HTTP status. Clients test the code, people read the message. */
export const apiErrors = {
  BAD_QUERY: 400,
  SATELLITE_UNKNOWN: 400,
  SATELLITE_AMBIGUOUS: 400,
  TOO_MANY_CLIENTS: 503,
  HOST_NOT_ALLOWED: 403,
  ORIGIN_NOT_ALLOWED: 403,
  TOKEN_NEEDED: 401,
  NO_TRACKING: 404,
  ORBIT_FAILED: 422,
  ELEMENTS_BAD: 422,
  NO_FIT: 409,
  PASS_OVER: 409,
  PASS_RUNNING: 409,
  PASS_SIMULATED: 409,
  NOT_FOUND: 404,
  UPGRADE_REQUIRED: 426,
  INTERNAL: 500,
} as const satisfies Record<string, number>;

export type ApiErrorCode = keyof typeof apiErrors;

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;

  constructor(code: ApiErrorCode, message: string) {
    super(message);
    this.code = code;
  }

  get statusCode(): number {
    return apiErrors[this.code];
  }

  get answer(): ErrorAnswer {
    return { code: this.code, message: this.message };
  }
}
