import { texts } from '../texts.ts';

export default function Passes(_: { rest: string }) {
  return <h2>{texts.views.passes}</h2>;
}
