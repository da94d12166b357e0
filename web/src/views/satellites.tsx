import { texts } from '../texts.ts';

export default function Satellites(_: { rest: string }) {
  return <h2>{texts.views.satellites}</h2>;
}
