import type { LogEntry, LogLevel, LogPage } from '../api/wire.ts';

const mostLines = 1000;
const hidden = '********';
const levels: readonly (readonly [number, LogLevel])[] = [
  [60, 'fatal'],
  [50, 'error'],
  [40, 'warn'],
  [30, 'info'],
  [20, 'debug'],
];
/** Lines of one answer. */
const mostAtOnce = 1000;

/** The last lines of the log, without the secrets that it was told of. */
export interface LogRing {
  /** @param line as the log writes it, JSON */
  add(line: string): void;
  /** What must not appear in lines to come. */
  hide(secrets: Iterable<string>): void;
  /** Lines behind `since`, of that level and above. */
  page(since: number, level: LogLevel): LogPage;
}

export function makeLogRing(): LogRing {
  let lines: LogEntry[] = [];
  let seq = 0;
  let secrets: readonly string[] = [];
  return {
    add(line) {
      const entry = entryOf(withoutSecrets(line, secrets), ++seq);
      lines.push(entry);
      if (lines.length >= 2 * mostLines) lines = lines.slice(-mostLines);
    },
    hide(more) {
      // Long ones first: one may be part of another.
      secrets = [...new Set([...secrets, ...more])].filter((one) => one !== '').sort((a, b) => b.length - a.length);
    },
    page(since, level) {
      const least = rankOf(level);
      // A station that was started anew counts from 1 again.
      const from = since > seq ? 0 : since;
      const found = lines.slice(-mostLines).filter((one) => one.seq > from && rankOf(one.level) >= least);
      return { lines: found.slice(-mostAtOnce), next: seq };
    },
  };
}

/** Text in which secrets are hidden, also where it is JSON. */
export function withoutSecrets(text: string, secrets: Iterable<string>): string {
  let out = text;
  for (const secret of secrets) {
    out = out.replaceAll(secret, hidden);
    const escaped = JSON.stringify(secret).slice(1, -1);
    if (escaped !== secret) out = out.replaceAll(escaped, hidden);
  }
  return out.replace(/([a-z][a-z0-9+.-]*:\/\/[^/@:\s"]+:)[^@/\s"]+(?=@)/gi, `$1${hidden}`);
}

function entryOf(line: string, seq: number): LogEntry {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  return {
    seq,
    time: String(time),
    level: levels.find(([least]) => Number(level) >= least)?.[1] ?? 'trace',
    message: typeof msg === 'string' ? msg : '',
    fields,
  };
}

function rankOf(level: LogLevel): number {
  return levels.find(([, name]) => name === level)?.[0] ?? 10;
}
