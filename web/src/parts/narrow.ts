import { signal } from '@preact/signals';

const query = matchMedia('(max-width: 48rem)');

/** Whether the page is as narrow as a phone; as in the style sheets. */
export const isNarrow = signal(query.matches);
query.addEventListener('change', ({ matches }) => {
  isNarrow.value = matches;
});
