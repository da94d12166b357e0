import { signal } from '@preact/signals';
import { type Route, routeOf } from './route-of.ts';

export const route = signal<Route>(routeOf(location.hash));

addEventListener('hashchange', () => {
  route.value = routeOf(location.hash);
});
