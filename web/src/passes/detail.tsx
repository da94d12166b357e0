import { useEffect, useRef, useState } from 'preact/hooks';
import type { CalibrationTaken, PassEntry } from '../../../daemon/api/wire.ts';
import { change } from '../api.ts';
import { fixed } from '../format.ts';
import { Time } from '../parts/time.tsx';
import { texts } from '../texts.ts';
import { Fit } from './fit.tsx';

const t = texts.passes;

/** A pass to come, under way or over. @param changed called when the plan is another one */
export function PassDetail(props: { pass: PassEntry; over: boolean; close: () => void; changed: () => void }) {
  const { pass, over, changed } = props;
  const top = useRef<HTMLElement>(null);
  const before = useRef<Element | null>(null);
  // What it was chosen from is further down: the focus comes along, and goes back there.
  useEffect(() => {
    before.current = document.activeElement;
    top.current?.scrollIntoView({ block: 'nearest' });
    top.current?.focus({ preventScroll: true });
  }, []);
  function close(): void {
    if (top.current?.contains(document.activeElement) && before.current instanceof HTMLElement) before.current.focus();
    props.close();
  }
  // Wherever the focus is; in a dialog Escape closes that one.
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && document.querySelector('dialog[open]') === null) close();
    };
    addEventListener('keydown', key);
    return () => removeEventListener('keydown', key);
  }, [props.close]);
  const heard = pass.received_by.some(({ frames }) => frames > 0);
  return (
    <section ref={top} class="panel detail" tabIndex={-1} aria-labelledby="pass-title">
      <div class="title">
        <h2 id="pass-title">
          {pass.name}
          {pass.simulated && <span class="tag">{t.simulated}</span>}
        </h2>
        <button type="button" class="quiet" onClick={close}>
          {t.close}
        </button>
      </div>
      <dl class="facts">
        <dt>{t.times}</dt>
        <dd>
          <Time iso={pass.aos} date />, <Time iso={pass.tca} />, <Time iso={pass.los} />
        </dd>
        <dt>{t.columns.highest}</dt>
        <dd>{fixed(pass.max_elevation_deg, 1)}°</dd>
        <dt>{t.direction}</dt>
        <dd>{directions(pass)}</dd>
        <dt>{t.priority}</dt>
        <dd>{pass.priority}</dd>
        <dt>{t.elements}</dt>
        <dd>
          {t.elementsAge(pass.elements_age_days)}
          {pass.elements_note !== null && <div class="warn">{pass.elements_note}</div>}
        </dd>
        <dt>{t.receivedBy}</dt>
        <dd>
          {pass.received_by.length === 0 && t.states.none}
          {pass.received_by.map((part, i) => (
            <div key={i}>
              {t.byWith(part.sdr, part.transmitters.join(', '))}{' '}
              <span class="quiet">
                {t.states[part.state]}
                {part.whole ? '' : t.part}, <Time iso={part.from} /> – <Time iso={part.to} />,{' '}
                {part.frames > 0 || over ? `${t.framesOf(part.frames)}, ` : ''}
                {part.pointed[0] === undefined
                  ? t.unpointed
                  : t.pointed(part.pointed[0].from.slice(11, 19), part.pointed[0].to.slice(11, 19))}
              </span>
            </div>
          ))}
          {pass.reason !== null && <div class="warn">{pass.reason}</div>}
        </dd>
      </dl>
      {!over && <Choose pass={pass} changed={changed} />}
      {over && heard && (
        <>
          <h3>{t.fit}</h3>
          <Fit pass={pass} />
          {pass.fit !== null && <Calibrate pass={pass} />}
        </>
      )}
      {pass.waterfall && (
        <>
          <h3>{t.waterfall}</h3>
          <img
            class="picture"
            src={`/api/passes/${encodeURIComponent(pass.key)}/waterfall.png`}
            alt={t.waterfallIs(pass.name)}
          />
        </>
      )}
    </section>
  );
}

function directions({ aos_azimuth_deg: rise, los_azimuth_deg: set }: PassEntry): string {
  const say = (deg: number | null) => (deg === null ? t.up : `${fixed(deg, 0)}°`);
  return t.azimuth(say(rise), say(set));
}

function Choose({ pass, changed }: { pass: PassEntry; changed: () => void }) {
  const [trouble, setTrouble] = useState('');
  async function choose(choice: PassEntry['choice']): Promise<void> {
    try {
      setTrouble('');
      const taken = await change('PUT', `passes/${encodeURIComponent(pass.key)}/choice`, { choice });
      if (taken === null) setTrouble(texts.notSaved);
      else changed();
    } catch (problem) {
      setTrouble(texts.failed((problem as Error).message));
    }
  }
  return (
    <>
      <h3>{t.choice}</h3>
      <p class="quiet" role="status">
        {t.chosen[pass.choice ?? 'none']} {t.pinHelp}
      </p>
      <p class="buttons">
        <button type="button" disabled={pass.choice === 'pinned'} onClick={() => void choose('pinned')}>
          {t.pin}
        </button>
        <button type="button" disabled={pass.choice === 'skipped'} onClick={() => void choose('skipped')}>
          {t.skip}
        </button>
        {pass.choice !== null && (
          <button type="button" class="quiet" onClick={() => void choose(null)}>
            {t.unchoose}
          </button>
        )}
      </p>
      <p class="bad" role="status">
        {trouble}
      </p>
    </>
  );
}

function Calibrate({ pass }: { pass: PassEntry }) {
  const [said, setSaid] = useState<{ bad: boolean; text: string } | null>(null);
  async function calibrate(): Promise<void> {
    try {
      setSaid(null);
      const taken = await change<CalibrationTaken>('PUT', `passes/${encodeURIComponent(pass.key)}/calibration`);
      if (taken === null) setSaid({ bad: true, text: texts.notSaved });
      else setSaid({ bad: false, text: t.calibrated(fixed(taken.offset_ppm, 2)) });
    } catch (problem) {
      setSaid({ bad: true, text: texts.failed((problem as Error).message) });
    }
  }
  return (
    <>
      <p class="buttons">
        <button type="button" onClick={() => void calibrate()}>
          {t.calibrate}
        </button>
        <span class="quiet">{t.calibrateHelp}</span>
      </p>
      {said !== null && (
        <p class={said.bad ? 'bad' : 'good'} role="alert">
          {said.text}
        </p>
      )}
    </>
  );
}
