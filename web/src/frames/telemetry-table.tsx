import type { TelemetryField, TelemetryReport } from '../../../daemon/api/wire.ts';
import { texts } from '../texts.ts';

const t = texts.frames.one;
const longest = 160;

/** What the bytes say; the field under the pointer or focus is `hot`. */
export function TelemetryTable(props: { report: TelemetryReport; hot: number; setHot: (field: number) => void }) {
  const { report, hot, setHot } = props;
  return (
    <>
      {report.definition !== null && <p class="quiet">{t.telemetryBy(report.definition)}</p>}
      {report.reason !== null && <p>{report.reason}</p>}
      {report.fields.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls
        <section class="scroll telemetry" aria-label={t.telemetry} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th>{t.field}</th>
                <th>{t.value}</th>
                <th>{t.where}</th>
              </tr>
            </thead>
            <tbody onPointerLeave={() => setHot(-1)}>
              {report.fields.map((field, i) => (
                <tr key={i} class={i === hot ? 'hot' : undefined} onPointerEnter={() => setHot(i)}>
                  <th scope="row">
                    <button type="button" class="field-name" onFocus={() => setHot(i)} onBlur={() => setHot(-1)}>
                      {field.name}
                    </button>
                  </th>
                  <td class="value">{saidOf(field)}</td>
                  <td class="quiet">{where(field)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

function saidOf({ value, unit }: TelemetryField): string {
  const text = value === null ? '–' : String(value);
  return `${text.length > longest ? `${text.slice(0, longest)}…` : text}${unit === undefined ? '' : ` ${unit}`}`;
}

function where({ offset, length }: TelemetryField): string {
  if (offset === null || length === null) return t.noBytes;
  return length <= 1 ? String(offset) : `${offset}–${offset + length - 1}`;
}
