import type { ErrorAnswer, SettingsProblem } from './wire.ts';

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
  SETTINGS_INVALID: 422,
  SETTINGS_CHANGED: 409,
  SETTINGS_UNWRITABLE: 409,
  SATELLITE_INVALID: 422,
  SATELLITE_KNOWN: 409,
  NOT_FOUND: 404,
  UPGRADE_REQUIRED: 426,
  INTERNAL: 500,
} as const satisfies Record<string, number>;

export type ApiErrorCode = keyof typeof apiErrors;

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;

  readonly problems: readonly SettingsProblem[] | undefined;

  constructor(code: ApiErrorCode, message: string, problems?: readonly SettingsProblem[]) {
    super(message);
    this.code = code;
    this.problems = problems;
  }

  get statusCode(): number {
    return apiErrors[this.code];
  }

  get answer(): ErrorAnswer {
    const { code, message, problems } = this;
    return { code, message, ...(problems && { problems }) };
  }
}
