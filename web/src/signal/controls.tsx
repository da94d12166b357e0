import { useComputed } from '@preact/signals';
import { status } from '../station.ts';
import { texts } from '../texts.ts';
import { colourMapNames } from './colour-map.ts';
import type { SignalState } from './signal-state.ts';
import { hzAt, panned, type Span, zoomed } from './span.ts';

const words = texts.signal;

/** What can be chosen of the waterfall, all of it by keyboard too. */
export function Controls({ state }: { readonly state: SignalState }) {
  const { sdr, chosenSdr, paused, whole, span, zoom, auto, colours } = state;
  const move = (make: (span: Span, whole: Span) => Span) => () => {
    if (whole.value === null || span.value === null) return;
    zoom.value = make(span.value, whole.value);
  };
  const middle = (factor: number) => move((now, all) => zoomed(now, all, hzAt(now, 0.5), factor));
  return (
    <div class="controls">
      <label>
        {words.receiver}{' '}
        <select value={sdr.value ?? ''} onChange={(event) => (chosenSdr.value = event.currentTarget.value)}>
          {status.value?.sdrs.map(({ id }) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </select>
      </label>
      <button type="button" onClick={() => (paused.value = !paused.value)}>
        {paused.value ? words.goOn : words.pause}
      </button>
      <span class="buttons">
        <Small name={words.zoomIn} text="+" act={middle(0.5)} />
        <Small name={words.zoomOut} text="−" act={middle(2)} />
        <Small name={words.lower} text="←" act={move((now, all) => panned(now, all, -0.25))} />
        <Small name={words.higher} text="→" act={move((now, all) => panned(now, all, 0.25))} />
        <button type="button" class="quiet" onClick={() => (zoom.value = null)}>
          {words.whole}
        </button>
      </span>
      <label>
        {words.colours}{' '}
        <select
          value={colours.value}
          onChange={(event) => (colours.value = event.currentTarget.value as typeof colours.value)}
        >
          {colourMapNames.map((name) => (
            <option key={name} value={name}>
              {words.colourMaps[name]}
            </option>
          ))}
        </select>
      </label>
      <label>
        <input type="checkbox" checked={auto.value} onChange={(event) => (auto.value = event.currentTarget.checked)} />{' '}
        {words.auto}
      </label>
      <Level state={state} what="floorDb" text={words.floor} min={-160} max={40} />
      <Level state={state} what="rangeDb" text={words.range} min={5} max={120} />
    </div>
  );
}

function Small({ name, text, act }: { readonly name: string; readonly text: string; readonly act: () => void }) {
  return (
    <button type="button" class="quiet" aria-label={name} title={name} onClick={act}>
      {text}
    </button>
  );
}

interface LevelProps {
  readonly state: SignalState;
  readonly what: 'floorDb' | 'rangeDb';
  readonly text: string;
  readonly min: number;
  readonly max: number;
}

function Level({ state, what, text, min, max }: LevelProps) {
  // An automatic level moves a little with every row.
  const shown = useComputed(() => Math.round(state.scale.value[what])).value;
  return (
    <label class="level">
      {text}{' '}
      <input
        type="range"
        min={min}
        max={max}
        step={1}
        value={shown}
        onInput={(event) => {
          state.auto.value = false;
          state.scale.value = { ...state.scale.value, [what]: Number(event.currentTarget.value) };
        }}
      />{' '}
      <output>{texts.signal.decibels(shown, 0)}</output>
    </label>
  );
}
