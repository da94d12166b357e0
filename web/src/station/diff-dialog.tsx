import { useEffect, useRef } from 'preact/hooks';
import type { SettingsCheck } from '../../../daemon/api/wire.ts';
import { texts } from '../texts.ts';
import { addressAfter, save } from './draft.ts';

const words = texts.station;
const classes: Readonly<Record<string, string>> = { '+': 'added', '-': 'removed', '@': 'place' };

/** What will be written, before it is. */
export function DiffDialog({ check, onClose }: { check: SettingsCheck; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const moves = addressAfter();
  // The first two lines name the file.
  const lines = check.diff.trimEnd().split('\n').slice(2);
  return (
    <dialog ref={dialog} class="diff" aria-labelledby="diff-title" onClose={onClose}>
      <h2 id="diff-title">{words.diffTitle}</h2>
      <p class="quiet">{words.diffHint}</p>
      {check.interrupts.length > 0 && (
        <div class="stale">
          {words.interrupts}
          <ul>
            {check.interrupts.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </div>
      )}
      {moves !== null && (
        <p class="stale">
          {words.moves} <a href={moves.url}>{moves.url}</a>
          {moves.followed ? `. ${words.movesAlong}` : ''}
        </p>
      )}
      <section class="lines mono" aria-label={words.diffTitle}>
        {lines.map((line, i) => (
          <div key={i} class={classes[line.charAt(0)]}>
            {line || ' '}
          </div>
        ))}
      </section>
      <p class="buttons">
        <button
          type="button"
          onClick={() => {
            dialog.current?.close();
            void save();
          }}
        >
          {words.save}
        </button>
        <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
          {words.cancel}
        </button>
      </p>
    </dialog>
  );
}
