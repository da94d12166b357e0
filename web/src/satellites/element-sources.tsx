import { useState } from 'preact/hooks';
import type { ElementsTaken } from '../../../daemon/api/wire.ts';
import { Scroll } from '../parts/scroll.tsx';
import { Time } from '../parts/time.tsx';
import { texts } from '../texts.ts';
import { elements } from './state.ts';
import { useChange } from './use-change.tsx';

const words = texts.satellites;

/** Where orbital elements come from, and how that went. */
export function ElementSources() {
  const sources = elements.value?.sources ?? [];
  return (
    <details class="panel">
      <summary>{words.sources}</summary>
      {sources.length === 0 ? (
        <p>{words.noSources}</p>
      ) : (
        <Scroll label={words.sources}>
          <table>
            <thead>
              <tr>
                <th scope="col">{words.sourceColumns.source}</th>
                <th scope="col">{words.sourceColumns.outcome}</th>
                <th scope="col" class="number">
                  {words.sourceColumns.elements}
                </th>
                <th scope="col">{words.sourceColumns.last}</th>
                <th scope="col">{words.sourceColumns.next}</th>
              </tr>
            </thead>
            <tbody>
              {sources.map(({ source, outcome, reason, elements: count, last_fetch, next_fetch }) => (
                <tr key={source}>
                  <td class="mono">{source}</td>
                  <td class={reason === null ? '' : 'warn'}>{reason ?? outcome}</td>
                  <td class="number">{count}</td>
                  <td>
                    <Time iso={last_fetch} date />
                  </td>
                  <td>
                    <Time iso={next_fetch} date />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </details>
  );
}

/** Elements that the operator has from elsewhere, as after a launch. */
export function PasteElements() {
  const { send, busy, shown } = useChange();
  const [text, setText] = useState('');
  const [pinned, setPinned] = useState(true);
  return (
    <details class="panel">
      <summary>{words.paste}</summary>
      <form
        class="fields one"
        onSubmit={(event) => {
          event.preventDefault();
          void send<ElementsTaken>('POST', 'elements', { text, pinned }, ({ satellites, bad }) =>
            [words.taken(satellites), ...bad.slice(0, 5).map(({ line, reason }) => words.bad(line, reason))].join(' '),
          );
        }}
      >
        <label>
          <span>{words.pasteHint}</span>
          <textarea
            rows={5}
            class="mono"
            required
            spellcheck={false}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <label class="check">
          <input type="checkbox" checked={pinned} onChange={(event) => setPinned(event.currentTarget.checked)} />{' '}
          {words.pin}
        </label>
        <button type="submit" disabled={busy}>
          {words.take}
        </button>
      </form>
      {shown}
    </details>
  );
}
