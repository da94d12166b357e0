import { texts } from '../texts.ts';

/** In place of what only a station that tracks satellites has. */
export function Untracked() {
  return (
    <p>
      {texts.untracked.before} <a href="#satellites">{texts.views.satellites}</a>.
    </p>
  );
}
