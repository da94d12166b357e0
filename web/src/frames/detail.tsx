import { useState } from 'preact/hooks';
import type { FrameDelivery, StoredFrame, TelemetryReport } from '../../../daemon/api/wire.ts';
import { fixed, offset } from '../format.ts';
import { Time } from '../parts/time.tsx';
import { useResource } from '../parts/use-resource.ts';
import { texts } from '../texts.ts';
import { evidenceOf } from './evidence.ts';
import { HexView } from './hex-view.tsx';
import { Copy, Download } from './take-away.tsx';
import { TelemetryTable } from './telemetry-table.tsx';

const t = texts.frames.one;
const deliveryEveryMs = 5000;

/** All that is known of a frame. */
export function FrameDetail({ frame, close }: { frame: StoredFrame; close: () => void }) {
  const [hot, setHot] = useState(-1);
  const telemetry = useResource<TelemetryReport>(`frames/${frame.seq}/telemetry`);
  const fields = telemetry.value?.fields ?? [];
  return (
    <section class="panel detail" aria-labelledby="frame-title" onKeyDown={({ key }) => key === 'Escape' && close()}>
      <div class="title">
        <h2 id="frame-title">{t.title(frame.seq)}</h2>
        <button type="button" class="quiet" onClick={close}>
          {t.close}
        </button>
      </div>
      <dl class="facts">
        <dt>{t.from}</dt>
        <dd>
          {frame.satellite ?? texts.frames.unknownSatellite}
          {frame.simulated && <span class="tag">{texts.frames.isSimulated}</span>}
          <div class="quiet">{frame.mode}</div>
        </dd>
        <dt>{t.received}</dt>
        <dd>
          <Time iso={frame.time} date />
        </dd>
        <dt>{t.by}</dt>
        <dd>{frame.sdr ?? t.imported}</dd>
        {frame.pass !== null && (
          <>
            <dt>{t.pass}</dt>
            <dd>
              <a href={`#passes/${encodeURIComponent(frame.pass)}`}>{frame.pass}</a>
            </dd>
          </>
        )}
      </dl>
      <div class="meaning">
        <div class="what-came">
          <h3>{t.content}</h3>
          <HexView hex={frame.frame} fields={fields} hot={hot} setHot={setHot} />
          <p class="buttons">
            <Copy frame={frame} />
            <Download label={texts.frames.downloadOne} frames={() => [frame]} />
          </p>
        </div>
        <div>
          <h3>{t.telemetry}</h3>
          {telemetry.error !== null && <p class="bad">{texts.failed(telemetry.error)}</p>}
          {telemetry.value !== null && <TelemetryTable report={telemetry.value} hot={hot} setHot={setHot} />}
        </div>
      </div>
      <h3>{t.evidence}</h3>
      <dl class="facts">
        {evidenceOf(frame).map(([name, text]) => [<dt key={name}>{name}</dt>, <dd key={`${name}-is`}>{text}</dd>])}
      </dl>
      {frame.copies.length > 0 && <Copies frame={frame} />}
      <h3>{t.delivery}</h3>
      <Delivery seq={frame.seq} />
    </section>
  );
}

function Copies({ frame }: { frame: StoredFrame }) {
  return (
    <>
      <h3>{t.copies}</h3>
      <ul class="plain">
        {frame.copies.map((copy, i) => (
          <li key={i}>
            {copy.sdr ?? t.imported}, {copy.mode}, {copy.snr_db === null ? '–' : `${fixed(copy.snr_db, 1)} dB`},{' '}
            {offset(copy.offset_hz)}
          </li>
        ))}
      </ul>
    </>
  );
}

function Delivery({ seq }: { seq: number }) {
  const { value, error } = useResource<{ deliveries: readonly FrameDelivery[] }>(
    `frames/${seq}/delivery`,
    deliveryEveryMs,
  );
  if (error !== null) return <p class="bad">{texts.failed(error)}</p>;
  if (value === null) return <p>{texts.loading}</p>;
  if (value.deliveries.length === 0) return <p>{t.noCollectors}</p>;
  return (
    <ul class="plain">
      {value.deliveries.map(({ collector, state, reason }) => (
        <li key={collector}>
          <strong>{collector}</strong>: <span class={state === 'refused' ? 'bad' : undefined}>{t.states[state]}</span>
          {reason !== null && <span class="quiet"> ({reason})</span>}
        </li>
      ))}
    </ul>
  );
}
