import { useEffect, useRef, useState } from 'preact/hooks';
import type { LiveChannel } from '../../../daemon/api/live-wire.ts';
import { fixed, megahertz, offset } from '../format.ts';
import { texts } from '../texts.ts';
import { paintHistogram, paintPoints, paintSpectrum } from './look-painter.ts';
import type { RowRing } from './row-ring.ts';
import { nameOfChannel, type SignalState } from './signal-state.ts';

const words = texts.signal;
const ageEveryMs = 300;

/** What the chosen channel's receiver sees. */
export function ChannelLook({ state }: { readonly state: SignalState }) {
  const { look, channel, capture, chosenChannel, ring, trouble } = state;
  const [spectrum, points, histogram] = [
    useRef<HTMLCanvasElement>(null),
    useRef<HTMLCanvasElement>(null),
    useRef<HTMLCanvasElement>(null),
  ];
  const seen = look.value;
  useEffect(() => {
    if (seen === null) return;
    const frame = requestAnimationFrame(() => {
      if (spectrum.current) paintSpectrum(spectrum.current, seen);
      if (points.current) paintPoints(points.current, seen);
      if (histogram.current) paintHistogram(histogram.current, seen);
    });
    return () => cancelAnimationFrame(frame);
  }, [seen]);
  if (channel.value === null) return <p>{trouble.value === null ? words.noChannel : words.nothing(trouble.value)}</p>;
  const known = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value);
  const snr = known(seen?.snrDb);
  const eye = seen?.shape === 'eye';
  return (
    <>
      <label class="wide-label">
        <span class="visually-hidden">{words.channel}</span>
        <select
          value={nameOfChannel(channel.value)}
          onChange={(event) => (chosenChannel.value = event.currentTarget.value)}
        >
          {capture.value?.channels.map((one) => (
            <option key={nameOfChannel(one)} value={nameOfChannel(one)}>
              {nameOfChannel(one)}
            </option>
          ))}
        </select>
      </label>
      <dl class="facts">
        <dt>{words.mode}</dt>
        <dd>{channel.value.mode}</dd>
        <dt>{words.frequency}</dt>
        <dd>{megahertz(channel.value.frequencyHz)}</dd>
        <dt>{words.snr}</dt>
        <dd>{snr === null ? '–' : `${fixed(snr, 1)} dB`}</dd>
        <dt>{words.offset}</dt>
        <dd>{offset(known(seen?.offsetHz))}</dd>
        <dt>{words.heard}</dt>
        <dd>{seen === null || snr === null ? '–' : <Age look={seen} ring={ring} />}</dd>
      </dl>
      {seen === null && <p class="quiet">{trouble.value === null ? words.noLook : words.nothing(trouble.value)}</p>}
      {seen !== null && (
        <>
          <figure>
            <figcaption>{words.spectrum}</figcaption>
            <canvas ref={spectrum} class="plot" role="img" aria-label={words.spectrumAlt(snr)} />
            <p class="ends quiet">
              <span>{offset(seen?.lowHz)}</span>
              <span>{offset(seen?.highHz)}</span>
            </p>
          </figure>
          <figure>
            <figcaption>{eye ? words.eye : words.constellation}</figcaption>
            <canvas
              ref={points}
              class={eye ? 'plot' : 'plot square'}
              role="img"
              aria-label={eye ? words.eyeAlt : words.constellationAlt}
            />
          </figure>
          <figure>
            <figcaption>{words.histogram}</figcaption>
            <canvas ref={histogram} class="plot" role="img" aria-label={words.histogramAlt} />
            <p class="ends quiet">
              <span>−1.5</span>
              <span>0</span>
              <span>1.5</span>
            </p>
          </figure>
        </>
      )}
    </>
  );
}

/** How long ago what is shown was received, against the newest row of the waterfall. */
function Age({ look, ring }: { readonly look: LiveChannel; readonly ring: RowRing }) {
  const [, again] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => again((before) => before + 1), ageEveryMs);
    return () => clearInterval(timer);
  }, []);
  const slot = ring.slot(0);
  const ageMs = slot === null ? 0 : Math.max(0, ring.row(slot).timeMs - look.timeMs);
  return <>{words.ago(fixed(ageMs / 1000, 1))}</>;
}
