import { useSignal } from '@preact/signals';
import type { PassEntry, PassTrack, TrackingState } from '../../../daemon/api/wire.ts';
import { duration, fixed, offset } from '../format.ts';
import { Time } from '../parts/time.tsx';
import { useResource } from '../parts/use-resource.ts';
import { tick } from '../station.ts';
import { texts } from '../texts.ts';
import { PolarPlot } from './polar-plot.tsx';

const words = texts.now;
/** Newer elements may have moved the track. */
const trackEveryMs = 60_000;

/** The pass that is under way, or the next one: where and when. */
export function Sky({ state }: { readonly state: TrackingState }) {
  const chosen = useSignal<string | null>(null);
  const { receiving, next_pass, rotators, in_view } = state;
  const followed = receiving.find(({ key }) => rotators.some(({ pass }) => pass === key));
  const pass = receiving.find(({ key }) => key === chosen.value) ?? followed ?? receiving[0] ?? next_pass;
  const path = pass === null || pass === undefined ? null : `passes/${encodeURIComponent(pass.key)}/track`;
  const track = useResource<PassTrack>(path, trackEveryMs);
  // Told every second; the time is the station's own.
  void tick.value;
  const nowMs = Date.parse(state.time);
  if (!pass)
    return (
      <section class="panel no-pass">
        <h2>{words.noPass}</h2>
        <p>
          {words.noPassWhy} <a href="#passes">{texts.views.passes}</a>.
        </p>
      </section>
    );
  const running = receiving.includes(pass);
  return (
    <section class="panel sky" aria-labelledby="sky-title">
      <div class="sky-facts">
        <h2 id="sky-title">{running ? words.receiving : words.next}</h2>
        {receiving.length > 1 ? (
          <label>
            <span class="visually-hidden">{words.which}</span>
            <select class="big" value={pass.key} onChange={(event) => (chosen.value = event.currentTarget.value)}>
              {receiving.map(({ key, name }) => (
                <option key={key} value={key}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        ) : (
          <p class="big">{pass.name}</p>
        )}
        <PassFacts pass={pass} state={state} running={running} nowMs={nowMs} />
      </div>
      <PolarPlot
        pass={pass}
        track={track.value?.key === pass.key ? track.value : null}
        satellite={in_view.find(({ norad }) => norad === pass.norad) ?? null}
        rotator={rotators.find((rotator) => rotator.pass === pass.key) ?? null}
        nowMs={nowMs}
      />
    </section>
  );
}

interface PassFactsProps {
  readonly pass: PassEntry;
  readonly state: TrackingState;
  readonly running: boolean;
  readonly nowMs: number;
}

function PassFacts({ pass, state, running, nowMs }: PassFactsProps) {
  const view = state.in_view.find(({ norad }) => norad === pass.norad);
  const frames = pass.received_by.reduce((sum, part) => sum + part.frames, 0);
  const until = Date.parse(running ? pass.los : pass.aos) - nowMs;
  return (
    <>
      <p class="countdown" role="timer">
        {running ? words.sets : words.rises} <b>{duration(until)}</b>
      </p>
      <dl class="facts">
        {view && running && (
          <>
            <Fact name={words.azimuth} value={`${fixed(view.azimuth_deg, 1)}°`} />
            <Fact name={words.elevation} value={`${fixed(view.elevation_deg, 1)}°`} />
            <Fact name={words.range} value={`${Math.round(view.range_km)} km`} />
            <Fact name={words.doppler} value={offset(view.doppler_hz)} />
          </>
        )}
        {running && <Fact name={words.frames} value={String(frames)} />}
        <dt>{words.aos}</dt>
        <dd>
          <Time iso={pass.aos} />
        </dd>
        <dt>{words.los}</dt>
        <dd>
          <Time iso={pass.los} />
        </dd>
        <Fact name={words.highest} value={`${fixed(pass.max_elevation_deg, 0)}°`} />
        <dt>{words.receivedBy}</dt>
        <dd>{pass.received_by.map(({ sdr }) => sdr).join(', ') || (pass.reason ?? '–')}</dd>
        {pass.elements_note !== null && <Fact name={words.elements} value={pass.elements_note} />}
      </dl>
    </>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
