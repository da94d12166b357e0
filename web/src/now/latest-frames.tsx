import { fixed } from '../format.ts';
import { Scroll } from '../parts/scroll.tsx';
import { Time } from '../parts/time.tsx';
import { frames } from '../station.ts';
import { texts } from '../texts.ts';

const words = texts.now;

/** The newest frames, the newest first. @param most that are shown */
export function LatestFrames({ most }: { readonly most: number }) {
  const newest = frames.value.slice(-most).reverse();
  return (
    <section class="panel latest" aria-labelledby="latest-title">
      <h2 id="latest-title">{words.latest}</h2>
      {newest.length === 0 ? (
        <p>{words.noFrames}</p>
      ) : (
        <Scroll label={words.latest}>
          <table aria-labelledby="latest-title">
            <thead>
              <tr>
                <th scope="col">{words.time}</th>
                <th scope="col">{words.satellite}</th>
                <th scope="col" class="number">
                  {words.snr}
                </th>
                <th scope="col" class="number">
                  {words.bytes}
                </th>
              </tr>
            </thead>
            <tbody>
              {newest.map(({ seq, time, satellite, snr_db, frame }) => (
                <tr key={seq}>
                  <td>
                    <a href={`#frames/${seq}`}>
                      <Time iso={time} />
                    </a>
                  </td>
                  <td>{satellite ?? '–'}</td>
                  <td class="number">{snr_db === null ? '–' : `${fixed(snr_db, 1)} dB`}</td>
                  <td class="number">{frame.length / 2}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      <p>
        <a href="#frames">{words.allFrames}</a>
      </p>
    </section>
  );
}
