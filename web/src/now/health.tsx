import type { CollectorReport, ElementsReport, StatusReport, TrackingState } from '../../../daemon/api/wire.ts';
import { useResource } from '../parts/use-resource.ts';
import { texts } from '../texts.ts';
import { type Condition, healthOf } from './condition.ts';
import { shortUrls } from './short-urls.ts';

const words = texts.now;
const collectorsEveryMs = 10_000;
const elementsEveryMs = 60_000;
const marks = { good: '✓', warn: '!', bad: '✕', quiet: '·' } as const;

/** Whether radios, rotators, clock, elements, disk and collectors are well; what to do where they are not. */
export function Health({ status, state }: { readonly status: StatusReport; readonly state: TrackingState | null }) {
  const collectors = useResource<{ readonly collectors: readonly CollectorReport[] }>('collectors', collectorsEveryMs);
  const elements = useResource<ElementsReport>(state === null ? null : 'elements', elementsEveryMs);
  const conditions = healthOf({
    status,
    rotators: state?.rotators ?? [],
    elements: elements.value,
    collectors: collectors.value?.collectors ?? [],
  });
  return (
    <section class="panel" aria-labelledby="health-title">
      <h2 id="health-title">{words.health}</h2>
      <ul class="health">
        {conditions.map((condition) => (
          <Line key={`${condition.what} ${condition.name}`} {...condition} />
        ))}
      </ul>
    </section>
  );
}

/** Long addresses are shortened; the whole one on hover. */
function Short({ text }: { readonly text: string }) {
  return shortUrls(text).map(({ shown, whole }, i) =>
    shown === whole ? (
      whole
    ) : (
      <span key={i} title={whole}>
        {shown}
      </span>
    ),
  );
}

function Line({ what, name, level, text }: Condition) {
  return (
    <li>
      <span class={`mark ${level}`} role="img" aria-label={words.levels[level]}>
        {marks[level]}
      </span>
      <span>
        <b>
          {words.kinds[what]}
          {name && ' '}
          <Short text={name} />
        </b>
        : <Short text={text} />
      </span>
    </li>
  );
}
