import type { CollectorReport } from '../../../daemon/api/wire.ts';
import { Time } from '../parts/time.tsx';
import { useResource } from '../parts/use-resource.ts';
import { withheldParts } from '../parts/withheld.ts';
import { texts } from '../texts.ts';

const words = texts.station;
const askEveryMs = 2000;
const classes: Readonly<Partial<Record<CollectorReport['state'], string>>> = {
  idle: 'good',
  delivering: 'good',
  waiting: 'warn',
  held: 'warn',
  stopped: 'bad',
};

/** The queues of the collectors: what they took, refused and wait for. */
export function Collectors() {
  const answer = useResource<{ collectors: readonly CollectorReport[] }>('collectors', askEveryMs).value;
  if (answer === null) return <p>{texts.loading}</p>;
  if (answer.collectors.length === 0) return <p class="panel">{words.noCollectors}</p>;
  return (
    <div class="grid">
      {answer.collectors.map((one) => (
        <Collector key={one.id} collector={one} />
      ))}
    </div>
  );
}

function Collector({ collector }: { collector: CollectorReport }) {
  const { id, type, state, reason, next_attempt, queued, accepted, refused, withheld, aside } = collector;
  const { last_accepted, last_refusals } = collector;
  const kept = withheldParts(collector);
  const label = words.collector;
  return (
    <section class="panel">
      <h2>
        {id} <small class="quiet">{type}</small>
      </h2>
      <dl class="facts">
        <dt>{label.state}</dt>
        <dd class={accepted === 0 && withheld > 0 && state === 'idle' ? undefined : classes[state]}>
          {stateWords(collector)}
        </dd>
        {reason !== null && (
          <>
            <dt>{label.reason}</dt>
            <dd>{reason}</dd>
          </>
        )}
        {next_attempt !== null && (
          <>
            <dt>{label.next}</dt>
            <dd>
              <Time iso={next_attempt} />
            </dd>
          </>
        )}
        <dt>{label.queued}</dt>
        <dd>{queued ?? '–'}</dd>
        <dt>{label.accepted}</dt>
        <dd>{accepted}</dd>
        <dt>{label.refused}</dt>
        <dd class={refused > 0 ? 'warn' : ''}>{refused}</dd>
        <dt>{label.withheld}</dt>
        <dd>{withheld}</dd>
        <dt>{label.last}</dt>
        <dd>
          <Time iso={last_accepted} date />
        </dd>
      </dl>
      {kept.length > 0 && (
        <>
          <h3>{label.withheld}</h3>
          <ul>
            {kept.map(({ cause, frames }) => (
              <li key={cause}>
                {texts.withheld[cause](frames)}. <span class="quiet">{words.withheldMeans[cause]}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {aside.length > 0 && (
        <>
          <h3>{label.aside}</h3>
          <ul>
            {aside.map(({ seq, attempts, reason: why }) => (
              <li key={seq}>
                {label.frame(seq)}, {label.attempts(attempts)}: {why}
              </li>
            ))}
          </ul>
        </>
      )}
      {last_refusals.length > 0 && (
        <>
          <h3>{label.refusals}</h3>
          <ul>
            {last_refusals.slice(0, 5).map(({ seq, reason: why, at }) => (
              <li key={seq}>
                <Time iso={at} date /> {label.frame(seq)}: {why}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** A collector that is up to date may lack frames all the same, by the operator's choice. */
function stateWords({ state, accepted, withheld }: CollectorReport): string {
  if (state !== 'idle' || withheld === 0) return words.collectorStates[state];
  return accepted === 0 ? words.upToDate.nothing : words.upToDate.without(withheld);
}
