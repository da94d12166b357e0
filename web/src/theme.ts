import { effect, signal } from '@preact/signals';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const key = 'downlinkd-theme';
let kept = localStorage.getItem(key);

/** What the reader chose; kept in this browser. */
export const theme = signal<Theme>(themes.find((name) => name === kept) ?? 'auto');

const systemDark = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(systemDark.matches);
systemDark.addEventListener('change', ({ matches }) => {
  systemIsDark.value = matches;
});

/** Whether colours are the dark ones now: for what is painted on a canvas. */
export const isDark = (): boolean => (theme.value === 'auto' ? systemIsDark.value : theme.value === 'dark');

effect(() => {
  // Written only when it differs: that waits for the browser's own store.
  if (theme.value !== kept) {
    kept = theme.value;
    localStorage.setItem(key, kept);
  }
  document.documentElement.dataset['theme'] = isDark() ? 'dark' : 'light';
});
