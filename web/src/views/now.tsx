import { texts } from '../texts.ts';

export default function Now(_: { rest: string }) {
  return <h2>{texts.views.now}</h2>;
}
