import { signal } from '@preact/signals';

const read = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

/** Pixels of a rem: letters grow with the window, as in style.css. For what is placed or painted in pixels. */
export const remPx = signal(read());
addEventListener('resize', () => {
  remPx.value = read();
});
