import { useEffect, useRef, useState } from 'preact/hooks';
import { change, RequestError } from '../api.ts';
import { status } from '../station.ts';
import { texts } from '../texts.ts';
import { refresh } from './state.ts';

export interface Outcome {
  readonly good: boolean;
  readonly text: string;
  /** The station starts anew: it was up for so long before. */
  readonly awaitsUptimeS?: number;
}

/** Sends changes of satellites, and tells how they went: `problems` by their paths, for the fields of `form`. */
export function useChange() {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  // Where all of it stands at fields, which may be further up than the button, it is not told a second time.
  useEffect(() => {
    const wrong = form.current?.querySelectorAll<HTMLElement>('[aria-invalid="true"]') ?? [];
    wrong[0]?.focus();
    if (wrong.length > 0 && wrong.length === problems.size)
      setOutcome({ good: false, text: texts.satellites.wrong(wrong.length) });
  }, [problems]);
  // A second click may come before the button is drawn as disabled.
  const underWay = useRef(false);

  const uptimeS = status.value?.uptime_s ?? 0;
  const awaited = outcome?.awaitsUptimeS;
  // A station that began anew counts from nought.
  useEffect(() => {
    if (awaited !== undefined && uptimeS < awaited) setOutcome({ good: true, text: texts.satellites.isBack });
  }, [awaited, uptimeS]);

  /** @returns null when it was not done */
  async function send<T extends object>(
    method: 'PUT' | 'POST',
    path: string,
    body: unknown,
    done: (answer: T) => string,
  ): Promise<T | null> {
    if (underWay.current) return null;
    underWay.current = true;
    setBusy(true);
    setOutcome(null);
    setProblems(new Map());
    try {
      const answer = await change<T>(method, path, body);
      if (answer === null) setOutcome({ good: false, text: texts.notSaved });
      else
        setOutcome({
          good: true,
          text: done(answer),
          ...('restarts' in answer && answer.restarts === true && { awaitsUptimeS: status.peek()?.uptime_s ?? 0 }),
        });
      await refresh();
      return answer;
    } catch (error) {
      setOutcome({ good: false, text: texts.failed(error instanceof Error ? error.message : String(error)) });
      const found = error instanceof RequestError ? error.problems : [];
      setProblems(new Map(found.map(({ path, message }) => [path, message])));
      return null;
    } finally {
      underWay.current = false;
      setBusy(false);
    }
  }

  const shown = (
    <p role="status" class={outcome?.good === false ? 'bad' : 'good'}>
      {outcome?.text}
    </p>
  );
  return { send, busy, shown, problems, form };
}
