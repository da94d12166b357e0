import { texts } from '../texts.ts';

export default function Signal(_: { rest: string }) {
  return <h2>{texts.views.signal}</h2>;
}
