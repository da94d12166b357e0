import type { StatusReport, TrackingState } from '../../../daemon/api/wire.ts';
import { duration, fixed, offset } from '../format.ts';
import { Scroll } from '../parts/scroll.tsx';
import { texts } from '../texts.ts';
import { receivedNow } from './received.ts';

const words = texts.now;

/** Every tracked satellite above the horizon, and the countdown to the next pass. */
export function InView({ state, status }: { readonly state: TrackingState; readonly status: StatusReport }) {
  const { in_view, receiving, next_pass } = state;
  const received = receivedNow(state, status);
  return (
    <section class="panel" aria-labelledby="in-view-title">
      <h2 id="in-view-title">{words.inView}</h2>
      {in_view.length === 0 ? (
        <p>{words.nothingInView}</p>
      ) : (
        <Scroll label={words.inView}>
          <table aria-labelledby="in-view-title">
            <thead>
              <tr>
                <th scope="col">{words.satellite}</th>
                <th scope="col" class="number">
                  {words.azimuthShort}
                </th>
                <th scope="col" class="number">
                  {words.elevationShort}
                </th>
                <th scope="col" class="number">
                  {words.dopplerShort}
                </th>
                <th scope="col">{words.reception}</th>
              </tr>
            </thead>
            <tbody>
              {in_view.map(({ norad, name, azimuth_deg, elevation_deg, doppler_hz }) => (
                <tr key={norad}>
                  <th scope="row">{name}</th>
                  <td class="number">{fixed(azimuth_deg, 0)}°</td>
                  <td class="number">{fixed(elevation_deg, 0)}°</td>
                  <td class="number">{offset(doppler_hz)}</td>
                  <td>{received.has(name) ? <span class="good">{words.received}</span> : words.notReceived}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {next_pass !== null && receiving.length > 0 && (
        <p>
          {words.nextIs(next_pass.name)}{' '}
          <b role="timer">{duration(Date.parse(next_pass.aos) - Date.parse(state.time))}</b>
          {words.upTo(Math.round(next_pass.max_elevation_deg))}
        </p>
      )}
    </section>
  );
}
