import { useEffect, useRef, useState } from 'preact/hooks';
import type { LogEntry, LogLevel, LogPage } from '../../../daemon/api/wire.ts';
import { get } from '../api.ts';
import { Time } from '../parts/time.tsx';
import { texts } from '../texts.ts';

const words = texts.station;
const levels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
const askEveryMs = 1500;
const mostLines = 1000;
const classes: Readonly<Partial<Record<LogLevel, string>>> = { warn: 'warn', error: 'bad', fatal: 'bad' };

/** The last lines of the log, and new ones as they come. */
export function LogView() {
  const [lines, setLines] = useState<readonly LogEntry[] | null>(null);
  const [level, setLevel] = useState<LogLevel>('info');
  const [follow, setFollow] = useState(true);
  const box = useRef<HTMLElement>(null);

  useEffect(() => {
    let [left, since] = [false, 0];
    async function ask(): Promise<void> {
      const page = await get<LogPage>(`log?since=${since}`).catch(() => null);
      if (left || page === null) return;
      // A program that was started anew counts from 1.
      const anew = page.next < since;
      since = page.next;
      if (page.lines.length > 0 || anew)
        setLines((before) => [...(anew ? [] : (before ?? [])), ...page.lines].slice(-mostLines));
      else setLines((before) => before ?? []);
    }
    void ask();
    const timer = setInterval(ask, askEveryMs);
    return () => {
      left = true;
      clearInterval(timer);
    };
  }, []);
  useEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines, level, follow]);

  if (lines === null) return <p>{texts.loading}</p>;
  const shown = lines.filter((line) => levels.indexOf(line.level) >= levels.indexOf(level));
  return (
    <section class="panel log">
      <p class="buttons">
        <label>
          {words.logLevel}{' '}
          <select value={level} onChange={(event) => setLevel(event.currentTarget.value as LogLevel)}>
            {levels.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label class="check">
          <input type="checkbox" checked={follow} onChange={(event) => setFollow(event.currentTarget.checked)} />{' '}
          {words.follow}
        </label>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without it nobody scrolls with the keyboard */}
      <section ref={box} class="lines" tabIndex={0} aria-label={words.logLines}>
        {shown.length === 0 && <p class="quiet">{words.noLines}</p>}
        <ol>
          {shown.map((line) => (
            <li key={line.seq}>
              <Time iso={line.time} /> <b class={classes[line.level]}>{line.level}</b> {line.message}{' '}
              <span class="quiet mono">{fieldsOf(line)}</span>
            </li>
          ))}
        </ol>
      </section>
    </section>
  );
}

function fieldsOf({ fields }: LogEntry): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key}=${key === 'err' ? messageOf(value) : JSON.stringify(value)}`)
    .join(' ');
}

function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message;
  return JSON.stringify(message ?? error);
}
