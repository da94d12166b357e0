import { useEffect, useRef, useState } from 'preact/hooks';
import type { SettingsReport } from '../../../daemon/api/wire.ts';
import { get } from '../api.ts';
import { texts } from '../texts.ts';
import { asking, refused } from '../token.ts';

/** Asks for the operator token when a change needs it. */
export function TokenDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<string | null>(null);
  const answer = asking.value;
  useEffect(() => {
    if (answer !== null && !dialog.current?.open) {
      // What was typed the last time is secret, or wrong.
      if (input.current) input.current.value = '';
      dialog.current?.showModal();
      void tokenFile().then(setFile);
    }
    if (answer === null) dialog.current?.close();
  }, [answer]);
  return (
    <dialog ref={dialog} aria-labelledby="token-title" onCancel={() => answer?.(null)}>
      <form
        method="dialog"
        onSubmit={(event) => {
          event.preventDefault();
          answer?.(input.current?.value.trim() || null);
        }}
      >
        <h2 id="token-title">{texts.token.title}</h2>
        <p>{texts.token.explain(file)}</p>
        <p role="alert" class="bad">
          {refused.value ? texts.token.refused : ''}
        </p>
        <label>
          {texts.token.label} <input ref={input} type="password" autocomplete="off" required />
        </label>
        <p class="buttons">
          <button type="submit">{texts.token.use}</button>
          <button type="button" class="quiet" onClick={() => answer?.(null)}>
            {texts.token.cancel}
          </button>
        </p>
      </form>
    </dialog>
  );
}

/** Where the token stands on the station's computer; null while it does not say. */
async function tokenFile(): Promise<string | null> {
  const report = await get<SettingsReport>('settings').catch(() => null);
  return report?.operator_token_file ?? null;
}
