import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { StoredFrame, TelemetryReport } from '../../../daemon/api/wire.ts';
import { get } from '../api.ts';
import { Plot, type PlotLine } from '../parts/plot.tsx';
import { texts } from '../texts.ts';
import { numbersOf } from './values.ts';

const t = texts.frames.values;
/** Read for a plot at most, one request each. */
const mostFrames = 300;
const atOnce = 4;

/** A field of a satellite's telemetry over the frames that are shown. @param rows the newest first */
export default function ValuesPlot({
  rows,
  satellites,
}: {
  rows: readonly StoredFrame[];
  satellites: readonly string[];
}) {
  const [satellite, setSatellite] = useState('');
  const [wanted, setField] = useState('');
  const chosen = useMemo(
    () => rows.filter((frame) => frame.satellite === satellite).slice(0, satellite === '' ? 0 : mostFrames),
    [rows, satellite],
  );
  const { reports, read } = useTelemetry(chosen);
  const fields = useMemo(() => numbersOf(chosen, reports), [chosen, reports]);
  const field = fields.find(({ name }) => name === wanted) ?? fields[0];
  const lines = useMemo<readonly PlotLine[]>(
    () => (field === undefined ? [] : [{ label: field.name, values: field.values, draw: 'both', colour: '--accent' }]),
    [field],
  );
  return (
    <>
      <div class="filters">
        <label>
          {t.satellite}
          <select value={satellite} onChange={({ currentTarget }) => setSatellite(currentTarget.value)}>
            <option value="">{t.choose}</option>
            {satellites.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {fields.length > 0 && (
          <label>
            {t.field}
            <select value={field?.name} onChange={({ currentTarget }) => setField(currentTarget.value)}>
              {fields.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {satellite !== '' && read < chosen.length && <p>{t.reading(read, chosen.length)}</p>}
      {satellite !== '' && read === chosen.length && field === undefined && <p>{t.noNumbers}</p>}
      {field !== undefined && (
        <>
          <Plot timesS={field.timesS} lines={lines} unit={field.unit} alternative={words(field)} />
          <p class="quiet">{t.bound(mostFrames)}</p>
        </>
      )}
    </>
  );
}

function words({ name, values }: { name: string; values: readonly number[] }): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return t.plot(name, values.length, String(least), String(most), String(values.at(-1)));
}

/** Telemetry of frames, each asked for once. @param frames `mostFrames` at most */
function useTelemetry(frames: readonly StoredFrame[]): { reports: ReadonlyMap<number, TelemetryReport>; read: number } {
  const known = useRef(new Map<number, TelemetryReport>());
  const [reports, setReports] = useState<ReadonlyMap<number, TelemetryReport>>(new Map());
  useEffect(() => {
    const leaving = new AbortController();
    const kept = new Map(
      frames.flatMap(({ seq }) => {
        const report = known.current.get(seq);
        return report === undefined ? [] : [[seq, report] as const];
      }),
    );
    known.current = kept;
    const missing = frames.filter(({ seq }) => !kept.has(seq));
    setReports(new Map(kept));
    async function work(): Promise<void> {
      for (let next = missing.shift(); next !== undefined; next = missing.shift()) {
        const { seq } = next;
        const report = await get<TelemetryReport>(`frames/${seq}/telemetry`, leaving.signal).catch((error: Error) => ({
          definition: null,
          fields: [],
          reason: error.message,
        }));
        if (leaving.signal.aborted) return;
        kept.set(seq, report);
        if (kept.size % 20 === 0 || kept.size === frames.length) setReports(new Map(kept));
      }
    }
    for (let i = 0; i < atOnce; i++) void work();
    return () => leaving.abort();
  }, [frames]);
  return { reports, read: frames.reduce((count, { seq }) => count + (reports.has(seq) ? 1 : 0), 0) };
}
