import type { StoredFrame } from '../api/wire.ts';
import type { Outcome } from './collector.ts';
import { looksLikePage, pageInstead, serverWords } from './http-words.ts';

/**
 * What a successful answer says of each frame. A body that is not of the form `{ results: [{ id, status, reason }] }` and not
 * JSON at all is a plain 'taken', as long as it is not a page, which only something in between would send.
 * @returns what is wrong with an answer that can't be trusted: a page, or JSON that is broken or has results of another form
 */
export function webhookResults(text: string, sent: readonly StoredFrame[]): readonly Outcome[] | string {
  if (looksLikePage(text)) return pageInstead;
  if (!/^\s*[{[]/.test(text)) return sent.map(() => ({ kind: 'accepted' }));
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return 'its answer is broken JSON';
  }
  const results = (answer as { results?: unknown }).results;
  if (results === undefined) return sent.map(() => ({ kind: 'accepted' }));
  if (!Array.isArray(results)) return 'the results in its answer are no list';
  const byId = new Map<unknown, Outcome>();
  for (const result of results as readonly unknown[]) {
    const { id, status, reason } = (result ?? {}) as { id?: unknown; status?: unknown; reason?: unknown };
    byId.set(id, outcomeOfResult(status, typeof reason === 'string' ? serverWords(reason) : ''));
  }
  // With a result for any of them it is the frame that is left out; with none, the receiver has not done its work.
  const scope = sent.some(({ id }) => byId.has(id)) ? 'frame' : 'collector';
  return sent.map(({ id }) => byId.get(id) ?? { kind: 'later', scope, reason: 'the answer has no result for it' });
}

function outcomeOfResult(status: unknown, reason: string): Outcome {
  if (status === 'accepted') return { kind: 'accepted' };
  if (status === 'refused') return { kind: 'refused', reason: reason || 'the receiver gave no reason' };
  if (status === 'later') return { kind: 'later', scope: 'frame', reason: reason || 'the receiver gave no reason' };
  return { kind: 'later', scope: 'frame', reason: `the answer has an unknown status: ${serverWords(String(status))}` };
}
