import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PassEntry, PlanReport } from '../../../daemon/api/wire.ts';
import { fixed, utcTime } from '../format.ts';
import { isNarrow } from '../parts/narrow.ts';
import { status } from '../station.ts';
import { texts } from '../texts.ts';
import { type Bar, type BarKind, hourTicks, nights, type Row, type Span, timelineRows } from './timeline.ts';

const t = texts.passes;
const choices = [3, 6, 12, 24, 48] as const;
const hourMs = 3_600_000;

/** Bars over time; each leads to its pass. Keys go to the list below, which has all of them, and not through a hundred bars. */
export function Timeline(props: {
  passes: readonly PassEntry[];
  plan: PlanReport | null;
  time: Span;
  nowMs: number;
  chosen: string;
}) {
  const { passes, plan, time, nowMs, chosen } = props;
  const [across, setAcross] = useState<number>(isNarrow.value ? 6 : 24);
  const box = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => timelineRows(passes, plan, time), [passes, plan, time.fromMs]);
  const { latitude = null, longitude = null } = status.value?.station ?? {};
  const dark = useMemo(
    () => (latitude === null || longitude === null ? [] : nights(latitude, longitude, time)),
    [latitude, longitude, time.fromMs],
  );
  const at = (ms: number) => (ms - time.fromMs) / (time.toMs - time.fromMs);
  const percent = (part: number) => `${100 * part}%`;
  const hours = (time.toMs - time.fromMs) / hourMs;
  // A new scale begins at now again.
  useEffect(() => {
    const element = box.current;
    if (element) element.scrollLeft = 0;
  }, [across]);
  const tickH = (across <= 6 ? 1 : across <= 12 ? 2 : across <= 24 ? 3 : 6) * (isNarrow.value ? 2 : 1);
  return (
    <>
      <div class="toolbar">
        <label>
          {t.across}{' '}
          <select value={across} onChange={({ currentTarget }) => setAcross(Number(currentTarget.value))}>
            {choices.map((count) => (
              <option key={count} value={count}>
                {count}
              </option>
            ))}
          </select>
        </label>
        <Legend />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls */}
      <section class="timeline" ref={box} tabIndex={0} aria-label={t.timeline}>
        <div class="lines" style={{ '--scale': Math.max(1, hours / across) }}>
          <div class="line times" aria-hidden="true">
            <span class="who" />
            <span class="bars">
              {hourTicks(time, tickH).map((ms) => (
                <span key={ms} class="tick" style={{ left: percent(at(ms)) }}>
                  {tickText(ms)}
                </span>
              ))}
            </span>
          </div>
          {rows.map((row, i) => (
            <div key={`${row.group} ${row.name}`} class={`line ${rows[i - 1]?.group === row.group ? '' : 'first'}`}>
              <span class="who" title={t.groups[row.group]}>
                {row.name}
              </span>
              <span class="bars">
                {dark.map((span) => (
                  <span
                    key={span.fromMs}
                    class="night"
                    style={{ left: percent(at(span.fromMs)), width: percent(at(span.toMs) - at(span.fromMs)) }}
                  />
                ))}
                <span class="present" style={{ left: percent(at(nowMs)) }} />
                {row.bars.map((bar) => (
                  <Line key={`${bar.key} ${bar.fromMs}`} row={row} bar={bar} chosen={bar.key === chosen} />
                ))}
              </span>
            </div>
          ))}
        </div>
      </section>
    </>
  );
}

function Line({ row, bar, chosen }: { row: Row; bar: Bar; chosen: boolean }) {
  const text = barText(row, bar);
  return (
    <a
      href={`#passes/${encodeURIComponent(bar.key)}`}
      class={`bar ${bar.kind}${bar.pinned ? ' pinned' : ''}`}
      aria-current={chosen ? 'true' : undefined}
      style={{ left: `${100 * bar.left}%`, width: `${100 * bar.width}%` }}
      tabIndex={-1}
      title={text}
    >
      <span class="visually-hidden">{text}</span>
    </a>
  );
}

function barText({ group, name }: Row, { names, fromMs, toMs, kind, pinned, pass }: Bar): string {
  const [from, to] = [fromMs, toMs].map((ms) => utcTime(new Date(ms).toISOString()).slice(0, 5)) as [string, string];
  const who = group === 'satellite' ? name : `${name} ${t.kinds[kind]} ${names.join(', ')}`;
  if (pass === null) return t.bar(who, from, to, t.groups[group]);
  const sdrs = [...new Set(pass.received_by.map(({ sdr }) => sdr))].join(', ');
  const what = [
    t.kinds[kind],
    sdrs,
    pass.received_by.length === 0 || kind === 'over' ? (pass.reason ?? '') : '',
    t.highest(fixed(pass.max_elevation_deg, 0)),
    pinned ? t.pinned : '',
  ];
  return t.bar(who, from, to, what.filter((one) => one !== '').join(', '));
}

function tickText(ms: number): string {
  const iso = new Date(ms).toISOString();
  return iso.slice(11, 13) === '00' ? iso.slice(5, 10) : iso.slice(11, 16);
}

const shown = ['planned', 'receiving', 'left', 'skipped', 'over'] as const satisfies readonly BarKind[];

function Legend() {
  return (
    <span class="legend" aria-hidden="true">
      {shown.map((kind) => (
        <span key={kind}>
          <span class={`bar ${kind}`} /> {t.kinds[kind]}
        </span>
      ))}
      <span>
        <span class="bar planned pinned" /> {t.pinned}
      </span>
      <span>
        <span class="night" /> {t.night}
      </span>
    </span>
  );
}
