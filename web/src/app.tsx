import { useEffect, useRef } from 'preact/hooks';
import { failedAt, loaded, loadView } from './load-view.ts';
import { Time } from './parts/time.tsx';
import { TokenDialog } from './parts/token-dialog.tsx';
import { route } from './route.ts';
import type { View } from './route-of.ts';
import { clockAheadMs, heardAt, secondsSinceHeard, status, tick } from './station.ts';
import { texts } from './texts.ts';
import { theme, themes } from './theme.ts';

/** The station reports at least every two seconds. */
const staleAfterS = 6;

export function App() {
  const { view, rest } = route.value;
  const Shown = loaded.value[view];
  const station = status.value?.station.callsign ?? status.value?.station.name ?? '';
  useEffect(() => loadView(view), [view]);
  useEffect(() => {
    document.title = [texts.views[view], station, texts.title].filter((part) => part !== '').join(' – ');
  }, [view, station]);
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById('content')?.focus()}>
        {texts.skipToContent}
      </button>
      <header>
        <h1>
          <span>{texts.title}</span> <small>{station}</small>
        </h1>
        <Navigation view={view} />
        {status.value !== null && <Clock />}
        <Theme />
      </header>
      <section aria-label={texts.notices}>
        <Connection />
        {status.value?.simulated && <p class="simulated">{texts.simulated}</p>}
      </section>
      <main id="content" tabIndex={-1} aria-label={texts.views[view]}>
        {Shown === undefined ? (
          <p>{failedAt.value === null ? texts.loading : texts.viewAway}</p>
        ) : (
          <Shown rest={rest} />
        )}
      </main>
      <TokenDialog />
    </>
  );
}

/** On a phone it is wider than the page, and scrolls by itself: the view that is shown is brought into its middle. */
function Navigation({ view }: { view: View }) {
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    const shown = list.current?.querySelector<HTMLElement>('[aria-current]');
    if (list.current && shown)
      list.current.scrollLeft = shown.offsetLeft - (list.current.clientWidth - shown.offsetWidth) / 2;
  }, [view]);
  return (
    <nav ref={list} aria-label={texts.navigation}>
      {Object.entries(texts.views).map(([name, text]) => (
        <a key={name} href={`#${name}`} aria-current={name === view ? 'page' : undefined}>
          {text}
        </a>
      ))}
    </nav>
  );
}

/** The time of the station, by which passes rise and frames are stamped. */
function Clock() {
  return (
    <p class="clock">
      <Time iso={new Date(tick.value + clockAheadMs.value).toISOString()} />
    </p>
  );
}

function Connection() {
  // Looked at every second.
  void tick.value;
  const seconds = secondsSinceHeard();
  const text =
    heardAt.value === Number.NEGATIVE_INFINITY
      ? texts.connection.connecting
      : seconds > staleAfterS
        ? texts.connection.stale(seconds)
        : null;
  return (
    <p role="status" class={text === null ? 'connection' : 'connection stale'}>
      {text}
    </p>
  );
}

function Theme() {
  return (
    <label class="theme">
      <span>{texts.theme.label} </span>
      <select value={theme.value} onChange={(event) => (theme.value = event.currentTarget.value as typeof theme.value)}>
        {themes.map((name) => (
          <option key={name} value={name}>
            {texts.theme[name]}
          </option>
        ))}
      </select>
    </label>
  );
}
