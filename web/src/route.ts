import { signal } from '@preact/signals';
import { texts } from './texts.ts';

export type View = keyof typeof texts.views;

export interface Route {
  readonly view: View;
  /** What is behind the view's name: #passes/KEY. */
  readonly rest: string;
}

const isView = (name: string): name is View => Object.hasOwn(texts.views, name);

function routeOf(hash: string): Route {
  const [name = '', ...rest] = hash.replace(/^#\/?/, '').split('/');
  return { view: isView(name) ? name : 'now', rest: rest.map(decodeURIComponent).join('/') };
}

export const route = signal<Route>(routeOf(location.hash));

addEventListener('hashchange', () => {
  route.value = routeOf(location.hash);
});
