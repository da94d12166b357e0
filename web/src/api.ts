import type { ErrorAnswer, SettingsProblem } from '../../daemon/api/wire.ts';
import { texts } from './texts.ts';
import { askToken, refuseToken, token } from './token.ts';

/** What the station answered instead of what was asked for. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number;
  /** What is wrong with what was sent, each at its place; empty where the message says all. */
  readonly problems: readonly SettingsProblem[];

  constructor(status: number, message: string, problems: readonly SettingsProblem[] = []) {
    super(message);
    this.status = status;
    this.problems = problems;
  }
}

/** @throws RequestError; TypeError when the station does not answer */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return answerOf<T>(await asked(path, signal ? { signal } : {}));
}

/**
 * A request that changes the station. Asks for the operator token where none is known, or the station refuses it.
 * @returns null when the operator gives no token
 * @throws RequestError; TypeError when the station does not answer
 */
export async function change<T>(method: 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T | null> {
  for (;;) {
    const known = token.value ?? (await askToken());
    if (known === null) return null;
    const response = await asked(path, {
      method,
      headers: {
        authorization: `Bearer ${known}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (response.status !== 401) return answerOf<T>(response);
    refuseToken();
  }
}

/** A browser's own words for a station that is away differ, and tell nobody what is wrong. */
async function asked(path: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(`/api/${path}`, request);
  } catch (error) {
    throw error instanceof TypeError ? new TypeError(texts.noAnswer, { cause: error }) : error;
  }
}

async function answerOf<T>(response: Response): Promise<T> {
  if (response.ok) return (await response.json()) as T;
  const answer = (await response.json().catch(() => null)) as ErrorAnswer | null;
  throw new RequestError(response.status, answer?.message ?? `HTTP ${response.status}`, answer?.problems);
}
