import { render } from 'preact';
import './style.css';
import { App } from './app.tsx';
import { followStation } from './station.ts';

followStation();
render(<App />, document.body);
