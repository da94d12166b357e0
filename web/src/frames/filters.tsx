import { texts } from '../texts.ts';
import { everyFrame, type FrameWish, hexOf } from './filter.ts';

const t = texts.frames;

/** @param satellites to choose from */
export function Filters(props: { wish: FrameWish; satellites: readonly string[]; set: (wish: FrameWish) => void }) {
  const { wish, satellites, set } = props;
  const badHex = wish.textAs === 'hex' && hexOf(wish.text) === null;
  return (
    <form class="filters" aria-label={t.filters} onSubmit={(event) => event.preventDefault()}>
      <label>
        {t.satellite}
        <select
          value={wish.satellite ?? ''}
          onChange={({ currentTarget }) => set({ ...wish, satellite: currentTarget.value || null })}
        >
          <option value="">{t.allSatellites}</option>
          {satellites.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t.text}
        <input
          type="search"
          size={14}
          value={wish.text}
          aria-invalid={badHex}
          aria-describedby={badHex ? 'bad-hex' : undefined}
          onInput={({ currentTarget }) => set({ ...wish, text: currentTarget.value })}
        />
      </label>
      <label>
        {t.textAs}
        <select
          value={wish.textAs}
          onChange={({ currentTarget }) => set({ ...wish, textAs: currentTarget.value as FrameWish['textAs'] })}
        >
          <option value="ascii">{t.ascii}</option>
          <option value="hex">{t.hex}</option>
        </select>
      </label>
      <Choice
        label={t.simulated}
        value={wish.simulated}
        words={t.simulatedIs}
        set={(simulated) => set({ ...wish, simulated })}
      />
      <Choice
        label={t.evidenceLabel}
        value={wish.evidence}
        words={t.evidenceIs}
        set={(evidence) => set({ ...wish, evidence })}
      />
      <Time label={t.from} ms={wish.fromMs} set={(fromMs) => set({ ...wish, fromMs })} />
      <Time label={t.to} ms={wish.toMs} set={(toMs) => set({ ...wish, toMs })} />
      {wish !== everyFrame && (
        <button type="button" class="quiet" onClick={() => set(everyFrame)}>
          {t.reset}
        </button>
      )}
      {badHex && (
        <p id="bad-hex" class="bad" role="alert">
          {t.badHex}
        </p>
      )}
    </form>
  );
}

function Choice<T extends string>(props: {
  label: string;
  value: T;
  words: Readonly<Record<T, string>>;
  set: (value: T) => void;
}) {
  return (
    <label>
      {props.label}
      <select value={props.value} onChange={({ currentTarget }) => props.set(currentTarget.value as T)}>
        {Object.entries<string>(props.words).map(([value, word]) => (
          <option key={value} value={value}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A time in UTC, whatever the browser's zone is. */
function Time({ label, ms, set }: { label: string; ms: number | null; set: (ms: number | null) => void }) {
  return (
    <label>
      {label}
      <input
        type="datetime-local"
        value={ms === null ? '' : new Date(ms).toISOString().slice(0, 16)}
        onChange={({ currentTarget }) => {
          const given = Date.parse(`${currentTarget.value}Z`);
          set(Number.isNaN(given) ? null : given);
        }}
      />
    </label>
  );
}
