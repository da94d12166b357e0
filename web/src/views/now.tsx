import { Channels } from '../now/channels.tsx';
import { Health } from '../now/health.tsx';
import { InView } from '../now/in-view.tsx';
import { LatestFrames } from '../now/latest-frames.tsx';
import '../now/now.css';
import { Sky } from '../now/sky.tsx';
import { status, tracking } from '../station.ts';
import { texts } from '../texts.ts';

/** What the station does this moment. */
export default function Now(_: { rest: string }) {
  const report = status.value;
  const state = tracking.value;
  if (report === null) return <p>{texts.loading}</p>;
  return (
    <div class="grid now">
      {state !== null && <Sky state={state} />}
      <Channels status={report} />
      {state !== null && <InView state={state} />}
      <LatestFrames />
      <Health status={report} state={state} />
    </div>
  );
}
