import { useState } from 'preact/hooks';
import type { CheckReport } from '../../../daemon/api/wire.ts';
import { get } from '../api.ts';
import { Scroll } from '../parts/scroll.tsx';
import { texts } from '../texts.ts';

const words = texts.station;
const order = ['failed', 'warning', 'ok'] as const;
const signs = { ok: '✓', warning: '!', failed: '✗' } as const;
const classes = { ok: 'good', warning: 'warn', failed: 'bad' } as const;

/** Whether the station is fit for a pass, when somebody asks. */
export function CheckView() {
  const [report, setReport] = useState<CheckReport | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function ask(): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      setReport(await get<CheckReport>('check'));
    } catch (error) {
      setProblem(texts.failed(error instanceof Error ? error.message : String(error)));
    } finally {
      setBusy(false);
    }
  }

  // What is both received and tracked is looked at twice.
  const unlike = new Map(report?.findings.map((one) => [`${one.check} ${one.message}`, one]));
  const findings = order.flatMap((state) => [...unlike.values()].filter((one) => one.state === state));
  return (
    <section class="panel">
      <p>{words.checkHint}</p>
      <button type="button" disabled={busy} onClick={() => void ask()}>
        {words.runCheck}
      </button>
      <p role="status" class={problem === null ? 'quiet' : 'bad'}>
        {busy ? words.checking : problem}
      </p>
      {findings.length > 0 && (
        <Scroll label={words.sections.check}>
          <table class="findings">
            <thead>
              <tr>
                <th scope="col">{words.findingColumns.state}</th>
                <th scope="col">{words.findingColumns.check}</th>
                <th scope="col">{words.findingColumns.message}</th>
              </tr>
            </thead>
            <tbody>
              {findings.map(({ check, state, message }) => (
                <tr key={`${check} ${message}`}>
                  <td class={classes[state]}>
                    <span aria-hidden="true">{signs[state]}</span> {words.findings[state]}
                  </td>
                  <td class="what">{check}</td>
                  <td class="message">{message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </section>
  );
}
