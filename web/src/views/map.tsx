import { texts } from '../texts.ts';

export default function WorldMap(_: { rest: string }) {
  return <h2>{texts.views.map}</h2>;
}
