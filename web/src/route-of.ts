import { texts } from './texts.ts';

export type View = keyof typeof texts.views;

export interface Route {
  readonly view: View;
  /** What is behind the view's name: #passes/KEY. */
  readonly rest: string;
}

const isView = (name: string): name is View => Object.hasOwn(texts.views, name);

/** What an address of the page shows. One that names no view shows the first; what can't be decoded stays as it is written. */
export function routeOf(hash: string): Route {
  const [name = '', ...rest] = hash.replace(/^#\/?/, '').split('/');
  return { view: isView(name) ? name : 'now', rest: rest.map(decoded).join('/') };
}

/** Anybody can write an address, and a mail program may cut one within a `%C3%A9`. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
