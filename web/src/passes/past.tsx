import { useState } from 'preact/hooks';
import type { PassEntry } from '../../../daemon/api/wire.ts';
import { fixed, offset, utcDateTime } from '../format.ts';
import { texts } from '../texts.ts';

const t = texts.passes;
const rowsAtOnce = 50;

/** @param passes that are over, the newest first */
export function Past({ passes, chosen }: { passes: readonly PassEntry[]; chosen: string }) {
  const [rows, setRows] = useState(rowsAtOnce);
  if (passes.length === 0) return <p>{t.noPast}</p>;
  const c = t.columns;
  const more = Math.min(rowsAtOnce, passes.length - rows);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls */}
      <section class="scroll" tabIndex={0} aria-label={t.pastTable}>
        <table>
          <thead>
            <tr>
              <th>{c.rose}</th>
              <th>{c.satellite}</th>
              <th class="number">{c.highest}</th>
              <th>{c.by}</th>
              <th>{c.state}</th>
              <th class="number">{c.frames}</th>
              <th class="number">{c.snr}</th>
              <th class="number">{c.late}</th>
              <th class="number">{c.off}</th>
              <th>{c.why}</th>
            </tr>
          </thead>
          <tbody>
            {passes.slice(0, rows).map((pass) => (
              <Line key={pass.key} pass={pass} chosen={pass.key === chosen} />
            ))}
          </tbody>
        </table>
      </section>
      {more > 0 && (
        <p>
          <button type="button" class="quiet" onClick={() => setRows(rows + rowsAtOnce)}>
            {t.more(more)}
          </button>
        </p>
      )}
    </>
  );
}

function Line({ pass, chosen }: { pass: PassEntry; chosen: boolean }) {
  const { received_by: parts, fit } = pass;
  const frames = parts.reduce((sum, part) => sum + part.frames, 0);
  const states = [...new Set(parts.map(({ state }) => t.states[state]))].join(', ');
  return (
    <tr class={chosen ? 'chosen' : undefined}>
      <td>
        <a href={`#passes/${encodeURIComponent(pass.key)}`}>{utcDateTime(pass.aos).slice(0, 16)}</a>
      </td>
      <td>{pass.name}</td>
      <td class="number">{fixed(pass.max_elevation_deg, 0)}°</td>
      <td>{[...new Set(parts.map(({ sdr }) => sdr))].join(', ')}</td>
      <td>
        {states || t.states.none}
        {parts.every(({ whole }) => whole) ? '' : t.part}
      </td>
      <td class={`number ${frames > 0 ? 'good' : ''}`}>{frames}</td>
      <td class="number">{pass.best_snr_db === null ? '–' : `${fixed(pass.best_snr_db, 1)} dB`}</td>
      <td class="number">{fit === null ? '–' : `${fixed(fit.time_bias_s, 2)} s`}</td>
      <td class="number">{fit === null ? '–' : offset(fit.frequency_bias_hz)}</td>
      <td class="why">{pass.reason ?? pass.fit_reason ?? ''}</td>
    </tr>
  );
}
