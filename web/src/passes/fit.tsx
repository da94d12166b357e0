import { useMemo } from 'preact/hooks';
import type { PassEntry, PassOffsets } from '../../../daemon/api/wire.ts';
import { fixed, offset } from '../format.ts';
import { Plot, type PlotLine } from '../parts/plot.tsx';
import { useResource } from '../parts/use-resource.ts';
import { texts } from '../texts.ts';
import { fitLines } from './fit-lines.ts';

const t = texts.passes;

/** What the offsets of a pass that is over tell, as a picture and in words. */
export function Fit({ pass: { key, fit, fit_reason } }: { pass: PassEntry }) {
  const { value, error } = useResource<PassOffsets>(`passes/${encodeURIComponent(key)}/offsets`);
  const drawn = useMemo(() => {
    if (value === null) return null;
    const { timesS, measured, fitted } = fitLines(value);
    const lines: PlotLine[] = [{ label: t.measured, values: measured, draw: 'points', colour: '--accent' }];
    if (value.fitted !== null) lines.push({ label: t.fitted, values: fitted, draw: 'line', colour: '--warn' });
    return { timesS, lines };
  }, [value]);
  if (error !== null) return <p class="bad">{texts.failed(error)}</p>;
  if (value === null || drawn === null) return <p>{texts.loading}</p>;
  const hz = value.offsets.map(({ offset_hz }) => offset_hz);
  return (
    <>
      {fit === null ? (
        <p>{fit_reason}</p>
      ) : (
        <p>
          {t.fitSays(
            ...([fixed(Math.abs(fit.time_bias_s), 2), fit.time_bias_s < 0, fixed(fit.sigma_time_s, 2)] as const),
            ...([offset(fit.frequency_bias_hz), fixed(fit.frequency_bias_ppm, 2)] as const),
          )}{' '}
          <span class="quiet">{t.fitUsed(fit.used_frames, fit.rejected_frames, fixed(fit.rms_hz, 0))}</span>
        </p>
      )}
      {hz.length === 0 ? (
        <p>{t.noOffsets}</p>
      ) : (
        <Plot
          {...drawn}
          unit="Hz"
          alternative={t.fitPlot(hz.length, fixed(Math.min(...hz), 0), fixed(Math.max(...hz), 0))}
        />
      )}
    </>
  );
}
