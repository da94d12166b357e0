import { useMemo, useState } from 'preact/hooks';
import type { PassEntry, PassList, PlanReport } from '../../../daemon/api/wire.ts';
import '../passes/passes.css';
import { fixed, utcDateTime } from '../format.ts';
import { Untracked } from '../parts/untracked.tsx';
import { useResource } from '../parts/use-resource.ts';
import { Coming } from '../passes/coming.tsx';
import { PassDetail } from '../passes/detail.tsx';
import { Past } from '../passes/past.tsx';
import { Timeline } from '../passes/timeline.tsx';
import { tick, tracking, tracks } from '../station.ts';
import { texts } from '../texts.ts';

const t = texts.passes;
const hourMs = 3_600_000;
const everyMs = 15_000;
const days = [1, 3, 7, 30] as const;
const mostPasses = 5000;

export default function Passes({ rest }: { rest: string }) {
  // By the station's clock, which may be another one than the reader's.
  const nowMs = tracking.value === null ? tick.value : Date.parse(tracking.value.time);
  const [back, setBack] = useState<number>(3);
  // Whole hours: what is asked for stays the same for a while.
  const hour = Math.floor(nowMs / hourMs) * hourMs;
  const since = new Date(hour - back * 24 * hourMs).toISOString();
  const list = useResource<PassList>(`passes?since=${since}&limit=${mostPasses}`, everyMs);
  const plan = useResource<PlanReport>(tracks.value ? 'plan' : null, everyMs);
  const time = useMemo(() => ({ fromMs: hour, toMs: hour + 49 * hourMs }), [hour]);
  const all = list.value?.passes ?? [];
  const shown = useMemo(() => all.filter((pass) => inTime(pass, time)), [all, time]);
  const isOver = (pass: PassEntry) => Date.parse(pass.los) < nowMs;
  const past = all.filter(isOver).reverse();
  const chosen = all.find(({ key }) => key === rest);
  const left = shown.filter((pass) => pass.received_by.length === 0 && !isOver(pass));
  return (
    <>
      {list.error !== null && <p class="bad">{texts.failed(list.error)}</p>}
      {rest !== '' && chosen !== undefined && (
        <PassDetail
          key={rest}
          pass={chosen}
          over={isOver(chosen)}
          close={close}
          changed={() => {
            list.reload();
            plan.reload();
          }}
        />
      )}
      {rest !== '' && chosen === undefined && list.value !== null && (
        <Absent name={rest} longer={back < 30 ? () => setBack(30) : null} />
      )}
      <section class="panel" aria-labelledby="next-title">
        <h2 id="next-title">{t.next}</h2>
        {tracks.value === false ? (
          <Untracked />
        ) : list.value === null ? (
          <p>{texts.loading}</p>
        ) : shown.length === 0 ? (
          <p>{t.nothing(list.value.reason ?? '')}</p>
        ) : (
          <>
            <Timeline passes={shown} plan={plan.value} time={time} nowMs={nowMs} chosen={rest} />
            <Coming passes={shown.filter((pass) => !isOver(pass))} chosen={rest} />
          </>
        )}
        {left.length > 0 && <LeftOut passes={left} />}
        {(list.value?.not_predicted.length ?? 0) > 0 && (
          <>
            <h3>{t.notPredicted}</h3>
            <ul>
              {list.value?.not_predicted.map(({ satellite, norad, reason }) => (
                <li key={norad}>
                  {satellite}: {reason}
                </li>
              ))}
            </ul>
          </>
        )}
      </section>
      <section class="panel" aria-labelledby="past-title">
        <div class="title">
          <h2 id="past-title">{t.past}</h2>
          <label>
            {t.pastDays}{' '}
            <select value={back} onChange={({ currentTarget }) => setBack(Number(currentTarget.value))}>
              {days.map((count) => (
                <option key={count} value={count}>
                  {count}
                </option>
              ))}
            </select>
          </label>
        </div>
        {list.value === null ? <p>{texts.loading}</p> : <Past passes={past} chosen={rest} />}
      </section>
    </>
  );
}

const inTime = ({ aos, los }: PassEntry, { fromMs, toMs }: { fromMs: number; toMs: number }) =>
  Date.parse(los) > fromMs && Date.parse(aos) < toMs;

function close(): void {
  location.hash = 'passes';
}

/** A pass of which nothing is known yet is perhaps further back. */
function Absent({ name, longer }: { name: string; longer: (() => void) | null }) {
  if (longer !== null) queueMicrotask(longer);
  return <p role="status">{longer === null ? t.absent(name) : texts.loading}</p>;
}

function LeftOut({ passes }: { passes: readonly PassEntry[] }) {
  return (
    <details>
      <summary>{t.leftOut(passes.length)}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls */}
      <section class="scroll" tabIndex={0} aria-label={t.leftOutWhy}>
        <table>
          <thead>
            <tr>
              <th>{t.columns.rises}</th>
              <th>{t.columns.satellite}</th>
              <th class="number">{t.columns.highest}</th>
              <th>{t.columns.why}</th>
            </tr>
          </thead>
          <tbody>
            {passes.map((pass) => (
              <tr key={pass.key}>
                <td>
                  <a href={`#passes/${encodeURIComponent(pass.key)}`}>{utcDateTime(pass.aos).slice(0, 16)}</a>
                </td>
                <td>{pass.name}</td>
                <td class="number">{fixed(pass.max_elevation_deg, 0)}°</td>
                <td class="why">{pass.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
