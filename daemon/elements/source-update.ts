import { badLine, type Elements, type ParsedElements, parseElements } from '../tracking/elements.ts';
import { chooseElements } from './element-choice.ts';
import type { SourceState } from './elements-state.ts';
import type { FetchResult } from './fetch-elements.ts';
import { HOUR_MS, LEAST_INTERVAL_MS, retryAfterMs, waitAfter } from './fetch-schedule.ts';

/** A satellite that a server leaves out for a while keeps its elements so long; a group that shrinks loses them then. */
const KEPT_WITHOUT_MS = 30 * 24 * HOUR_MS;

export interface UrlContext {
  readonly source: string;
  readonly intervalMs: number;
  readonly wallMs: number;
}

/** What is known of a URL after it was asked. Good elements stay whatever comes back. */
export function afterFetch(before: SourceState, result: FetchResult, context: UrlContext): SourceState {
  const { intervalMs, wallMs } = context;
  const asked = { ...before, lastAskedMs: wallMs, failures: 0, unreached: 0, reason: null };
  const wait = (outcome: 'ok' | 'not modified' | 'refused') =>
    waitAfter({ outcome, failures: 0, retryAfterMs: null }, intervalMs);
  switch (result.kind) {
    case 'answer': {
      const parsed = parseElements(result.text, { source: context.source });
      const unusable = unusableAnswer(result.text, parsed);
      if (unusable !== null)
        return failure(before, { reason: unusable, retryAfter: null, final: false }, context, parsed.bad.length);
      const { etag, lastModified, movedTo } = result;
      return {
        ...asked,
        waitMs: wait('ok'),
        outcome: 'ok',
        reason: badNote(parsed),
        bad: parsed.bad.length,
        etag,
        lastModified,
        movedTo: movedTo ?? before.movedTo,
        elements: merged(before.elements, parsed.elements, wallMs),
      };
    }
    case 'not modified':
      if (before.elements.length === 0)
        return failure(
          before,
          { reason: 'not modified since nothing was had', retryAfter: null, final: false },
          context,
        );
      return {
        ...asked,
        waitMs: wait('not modified'),
        outcome: 'not modified',
        movedTo: result.movedTo ?? before.movedTo,
      };
    case 'refused': {
      const retry = retryAfterMs(result.retryAfter, wallMs);
      const waitMs = waitAfter({ outcome: 'refused', failures: 0, retryAfterMs: retry }, intervalMs);
      return { ...asked, waitMs, outcome: 'refused', reason: result.reason };
    }
    case 'failed':
      return failure(before, result, context);
    case 'unreached': {
      const unreached = before.unreached + 1;
      const waitMs = waitAfter({ outcome: 'unreached', failures: unreached, retryAfterMs: null }, intervalMs);
      return { ...before, lastAskedMs: wallMs, unreached, waitMs, outcome: 'failed', reason: result.reason };
    }
  }
}

/** Written before a server is asked: a crash meanwhile must not make it be asked again at once. */
export function whileAsking(before: SourceState, wallMs: number): SourceState {
  return {
    ...before,
    lastAskedMs: wallMs,
    waitMs: Math.max(before.waitMs, LEAST_INTERVAL_MS),
    outcome: 'failed',
    reason: 'the station stopped before the answer came',
  };
}

/** What is known of a file after it was read. What it had before stays only if it has nothing good now. */
export function afterRead(
  before: SourceState,
  read: { readonly text: string } | { readonly reason: string },
  { source, pinned, wallMs }: { readonly source: string; readonly pinned: boolean; readonly wallMs: number },
): SourceState {
  const asked = { ...before, lastAskedMs: wallMs };
  if ('reason' in read) return { ...asked, outcome: 'failed', reason: read.reason };
  const parsed = parseElements(read.text, { source, pinned });
  const bad = parsed.bad.length;
  const unusable = unusableAnswer(read.text, parsed);
  if (unusable !== null) return { ...asked, outcome: 'failed', reason: unusable, bad };
  return { ...asked, outcome: 'ok', reason: badNote(parsed), bad, elements: parsed.elements };
}

function failure(
  before: SourceState,
  { reason, retryAfter, final }: { reason: string; retryAfter: string | null; final: boolean },
  { intervalMs, wallMs }: UrlContext,
  bad = before.bad,
): SourceState {
  const failures = before.failures + 1;
  const retry = retryAfterMs(retryAfter, wallMs);
  const waitMs = waitAfter({ outcome: 'failed', failures, final, retryAfterMs: retry }, intervalMs);
  // A place that something moved to and that fails is forgotten: the setting counts again.
  return {
    ...before,
    lastAskedMs: wallMs,
    failures,
    unreached: 0,
    waitMs,
    outcome: 'failed',
    reason,
    bad,
    movedTo: null,
  };
}

function unusableAnswer(text: string, { elements, bad }: ParsedElements): string | null {
  if (elements.length > 0) return null;
  if (text.trim() === '') return 'nothing in it';
  if (/^\s*<(!doctype|html|\?xml|[a-z]+[\s>])/i.test(text)) return 'a web page instead of orbital elements';
  const first = bad[0];
  return first === undefined ? 'no orbital elements in it' : `no usable elements: ${badLine(first)}`;
}

function badNote({ bad }: ParsedElements): string | null {
  const first = bad[0];
  if (first === undefined) return null;
  return `${bad.length} record${bad.length === 1 ? '' : 's'} can't be used: ${badLine(first)}`;
}

function merged(before: readonly Elements[], now: readonly Elements[], wallMs: number): readonly Elements[] {
  const answered = chooseElements(now, wallMs);
  const kept = before.filter((e) => !answered.has(e.norad) && wallMs - e.epochMs < KEPT_WITHOUT_MS);
  return [...answered.values(), ...kept];
}
