import { Channels } from '../now/channels.tsx';
import { Health } from '../now/health.tsx';
import { InView } from '../now/in-view.tsx';
import { LatestFrames } from '../now/latest-frames.tsx';
import '../now/now.css';
import { Sky } from '../now/sky.tsx';
import { Untracked } from '../parts/untracked.tsx';
import { status, tracking, tracks } from '../station.ts';
import { texts } from '../texts.ts';

/** A station that always listens has room for more. */
const [framesAlone, framesBesidePass] = [16, 8];

/** What the station does this moment. */
export default function Now(_: { rest: string }) {
  const report = status.value;
  const state = tracking.value;
  if (report === null) return <p>{texts.loading}</p>;
  return (
    <div class={state === null ? 'grid now' : 'grid now with-sky'}>
      {state !== null && <Sky state={state} />}
      <div class="stack">
        {tracks.value === false && (
          <section class="panel">
            <h2>{texts.now.next}</h2>
            <Untracked />
          </section>
        )}
        <Channels status={report} />
        {state !== null && <InView state={state} status={report} />}
        <Health status={report} state={state} />
      </div>
      <LatestFrames most={state === null ? framesAlone : framesBesidePass} />
    </div>
  );
}
