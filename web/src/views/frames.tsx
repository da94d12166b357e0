import { texts } from '../texts.ts';

export default function Frames(_: { rest: string }) {
  return <h2>{texts.views.frames}</h2>;
}
