import { useEffect, useRef } from 'preact/hooks';
import { texts } from '../texts.ts';
import { asking } from '../token.ts';

/** Asks for the operator token when a change needs it. */
export function TokenDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const answer = asking.value;
  useEffect(() => {
    if (answer !== null && !dialog.current?.open) dialog.current?.showModal();
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
        <p>{texts.token.explain}</p>
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
