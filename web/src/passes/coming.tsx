import { useState } from 'preact/hooks';
import type { PassEntry } from '../../../daemon/api/wire.ts';
import { fixed, utcDateTime } from '../format.ts';
import { Scroll } from '../parts/scroll.tsx';
import { texts } from '../texts.ts';
import { kindOf } from './timeline.ts';

const t = texts.passes;
const rowsAtFirst = 6;
const rowsMore = 20;

/** The passes under way and to come, as the bars above tell them, in words. @param passes the soonest first */
export function Coming({ passes, chosen }: { passes: readonly PassEntry[]; chosen: string }) {
  const [rows, setRows] = useState(rowsAtFirst);
  if (passes.length === 0) return null;
  const c = t.columns;
  const more = Math.min(rowsMore, passes.length - rows);
  return (
    <>
      <Scroll label={t.comingTable}>
        <table>
          <thead>
            <tr>
              <th>{c.rises}</th>
              <th>{c.satellite}</th>
              <th class="number">{c.highest}</th>
              <th>{c.state}</th>
              <th>{c.byOrWhy}</th>
            </tr>
          </thead>
          <tbody>
            {passes.slice(0, rows).map((pass) => (
              <tr key={pass.key} class={pass.key === chosen ? 'chosen' : undefined}>
                <td>
                  <a href={`#passes/${encodeURIComponent(pass.key)}`}>
                    {utcDateTime(pass.aos).slice('2026-'.length, 16)}
                  </a>
                </td>
                <td>{pass.name}</td>
                <td class="number">{fixed(pass.max_elevation_deg, 0)}°</td>
                <td>
                  {t.kinds[kindOf(pass)]}
                  {pass.choice === 'pinned' && `, ${t.pinned}`}
                </td>
                {pass.received_by.length > 0 ? (
                  <td>{[...new Set(pass.received_by.map(({ sdr }) => sdr))].join(', ')}</td>
                ) : (
                  <td class="quiet">{pass.reason}</td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {more > 0 && (
        <p>
          <button type="button" class="quiet" onClick={() => setRows(rows + rowsMore)}>
            {t.more(more)}
          </button>
        </p>
      )}
    </>
  );
}
