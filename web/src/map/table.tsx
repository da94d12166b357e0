import { fixed } from '../format.ts';
import { texts } from '../texts.ts';
import type { Position } from './positions.ts';

const t = texts.map;

/** The map in words. @param satellites those in view first */
export function SatelliteTable(props: {
  satellites: readonly { readonly norad: number; readonly name: string; readonly at: Position | undefined }[];
  chosen: number | null;
}) {
  const c = t.columns;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls
    <section class="scroll" tabIndex={0} aria-label={t.table}>
      <table>
        <thead>
          <tr>
            <th>{c.satellite}</th>
            <th class="number">{c.azimuth}</th>
            <th class="number">{c.elevation}</th>
            <th class="number">{c.range}</th>
            <th class="number">{c.height}</th>
            <th>{c.over}</th>
            <th>{c.light}</th>
          </tr>
        </thead>
        <tbody>
          {props.satellites.map(({ norad, name, at }) => (
            <tr key={norad} class={norad === props.chosen ? 'chosen' : undefined}>
              <th scope="row">
                <a href={`#map/${norad}`} aria-current={norad === props.chosen ? 'true' : undefined}>
                  {name}
                </a>
              </th>
              <Cells at={at} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Cells({ at }: { at: Position | undefined }) {
  if (at === undefined) return <td colSpan={6}>–</td>;
  if (at === null)
    return (
      <td colSpan={6} class="warn">
        <span class="words">
          {t.noElements} <a href="#satellites">{texts.views.satellites}</a>.
        </span>
      </td>
    );
  if ('reason' in at)
    return (
      <td colSpan={6} class="warn">
        <span class="words">{at.reason}</span>
      </td>
    );
  return (
    <>
      <td class="number">{t.degrees(fixed(at.azimuth_deg, 0))}</td>
      <td class={`number ${at.elevation_deg > 0 ? 'good' : ''}`}>{t.degrees(fixed(at.elevation_deg, 1))}</td>
      <td class="number">{t.km(fixed(at.range_km, 0))}</td>
      <td class="number">{t.km(fixed(at.altitude_km, 0))}</td>
      <td>{t.place(at.latitude_deg, at.longitude_deg)}</td>
      <td>{at.sunlit ? t.sunlit : t.shadow}</td>
    </>
  );
}
