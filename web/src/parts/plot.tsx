import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { isDark } from '../theme.ts';
import { remPx } from './rem.ts';

export interface PlotLine {
  readonly label: string;
  /** A value for each time; null where there is none. */
  readonly values: readonly (number | null)[];
  readonly draw: 'points' | 'line' | 'both';
  /** Role of style.css. */
  readonly colour: '--accent' | '--warn' | '--good';
}

const heightRem = 15;

/** Values over time, in UTC. @param timesS seconds since 1970, ascending @param alternative what the picture says, in words */
export function Plot(props: {
  timesS: readonly number[];
  lines: readonly PlotLine[];
  unit: string;
  alternative: string;
}) {
  const { timesS, lines, unit, alternative } = props;
  const height = heightRem * remPx.value;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const dark = isDark();
  const shape = JSON.stringify([unit, dark, height, lines.map(({ label, draw, colour }) => [label, draw, colour])]);
  const data = [timesS, ...lines.map(({ values }) => values)] as uPlot.AlignedData;
  const latest = useRef(data);
  latest.current = data;
  useEffect(() => {
    const place = box.current!;
    const made = new uPlot(optionsOf(lines, unit, place.clientWidth, height), latest.current, place);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: place.clientWidth, height }));
    observer.observe(place);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
    // The data are set below; the shape says all else.
  }, [shape]);
  useEffect(() => plot.current?.setData(data), [timesS, lines]);
  return <div ref={box} class="plot" role="img" aria-label={alternative} />;
}

function optionsOf(lines: readonly PlotLine[], unit: string, width: number, height: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = `${0.75 * remPx.peek()}px system-ui, sans-serif`;
  const axis = {
    font,
    labelFont: font,
    stroke: colour('--quiet'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    cursor: { y: false },
    axes: [
      { ...axis, values: timeLabels, size: 3.1 * remPx.peek() },
      { ...axis, label: unit, size: 4 * remPx.peek(), labelSize: 1.9 * remPx.peek() },
    ],
    series: [
      { value: '{YYYY}-{MM}-{DD} {HH}:{mm}:{ss}', label: 'UTC' },
      ...lines.map(({ label, draw, colour: role }) => ({
        label,
        stroke: colour(role),
        width: draw === 'points' ? 0 : 2,
        points: { show: draw !== 'line', size: 5, fill: colour(role) },
        spanGaps: draw === 'line',
        value: (_: uPlot, value: number | null) => (value === null ? '–' : String(value)),
      })),
    ],
  };
}

/** Hours and minutes, and the day where it changes. */
function timeLabels(_: uPlot, splits: number[]): string[] {
  const short = (splits[1] ?? 0) - (splits[0] ?? 0) < 60;
  return splits.map((seconds, i) => {
    const iso = new Date(seconds * 1000).toISOString();
    const before = splits[i - 1];
    const sameDay = before !== undefined && new Date(before * 1000).toISOString().slice(0, 10) === iso.slice(0, 10);
    return `${iso.slice(11, short ? 19 : 16)}${sameDay ? '' : `\n${iso.slice(5, 10)}`}`;
  });
}
