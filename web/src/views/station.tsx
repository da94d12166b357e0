import { texts } from '../texts.ts';

export default function Station(_: { rest: string }) {
  return <h2>{texts.views.station}</h2>;
}
