import { render } from 'preact';
import './style.css';
import './parts/parts.css';
import { App } from './app.tsx';
import { followStation, followTracking } from './station.ts';

/** A station that does not answer at once is waited for in sight. */
const longestWaitMs = 300;
/** Enough for the first painting: opening a stream takes a slow processor as long as that. */
const paintingMs = 50;

// What the station reports is asked for by the page's head already: painting once is faster than painting twice.
const waited = new Promise((resolve) => setTimeout(resolve, longestWaitMs));
void Promise.race([followStation(), waited]).then(() => {
  render(<App />, document.body);
  setTimeout(followTracking, paintingMs);
});
