import type { Outcome } from './collector.ts';
import type { HttpAnswer } from './http.ts';
import { serverWords } from './http-words.ts';

type Later = Extract<Outcome, { kind: 'later' }>;

/** Longer waits are not believed: a server that says a year would never be asked again. */
const mostRetryAfterMs = 86_400_000;

/**
 * What an answer says of what was sent, by its status. A success counts only when its body is whole: a server that failed
 * while it answered may not have kept anything.
 * @param refused statuses that are this protocol's word for 'never send that again'
 * @param nowMs for a Retry-After that is a date
 */
export function outcomeOf(answer: HttpAnswer, refused: readonly number[], nowMs: number): Outcome {
  if (answer.kind === 'no answer') return collectorLater(answer.reason);
  const { status } = answer;
  const said = `HTTP ${status}${answer.words === '' ? '' : `: ${answer.words}`}`;
  if (status >= 200 && status < 300)
    return answer.missing === null ? { kind: 'accepted' } : collectorLater(`HTTP ${status}, but ${answer.missing}`);
  if (refused.includes(status)) return { kind: 'refused', reason: said };
  if (status >= 300 && status < 400) {
    const to = serverWords(answer.location ?? '') || 'nowhere';
    return collectorLater(`HTTP ${status}: the server redirects to ${to}; if that is right, put it in the settings`);
  }
  const wait = retryAfterMs(answer.retryAfter, nowMs);
  // A server that trips over one frame says this, and so does one that is broken: others may fare better.
  const scope = status === 500 ? 'frame' : 'collector';
  return { kind: 'later', scope, reason: said + hint(status), ...(wait !== null && { retryAfterMs: wait }) };
}

export function collectorLater(reason: string): Later {
  return { kind: 'later', scope: 'collector', reason };
}

function hint(status: number): string {
  if (status === 401 || status === 403) return '; check the token or secret in the settings';
  if (status === 404 || status === 405 || status === 410) return '; check the address in the settings';
  return '';
}

/** Retry-After in seconds or as a date; null when it says nothing of use. */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const ms = /^\d{1,12}$/.test(header) ? 1000 * Number(header) : Date.parse(header) - nowMs;
  return ms > 0 ? Math.min(ms, mostRetryAfterMs) : null;
}
