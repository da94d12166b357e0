import { useMemo } from 'preact/hooks';
import type { PassEntry, PassTrack, RotatorReport, TrackReport } from '../../../daemon/api/wire.ts';
import { texts } from '../texts.ts';
import { clock, picture, placeLabels, textSize } from './labels.ts';
import { type Direction, type DiscPoint, onDisc, pathOf, timeTicks } from './polar.ts';

export interface PolarPlotProps {
  readonly pass: PassEntry;
  readonly track: PassTrack | null;
  /** Where it is now; null while it is below the horizon. */
  readonly satellite: TrackReport | null;
  /** The rotator that follows it. */
  readonly rotator: RotatorReport | null;
  readonly nowMs: number;
}

const rings = [0, 30, 60];
const wholeDisc = 'M0 -1A1 1 0 1 1 0 1A1 1 0 1 1 0 -1Z';
const viewBox = `${-picture.width / 2} ${-picture.height / 2} ${picture.width} ${picture.height}`;
/** Letters and digits stand on their line: so much lower than their middle, as a part of their size. */
const underMiddle = 0.36;

/** The sky with a pass in it: where the satellite goes, where it is, where the antenna was sent and where it points. */
export function PolarPlot(props: PolarPlotProps) {
  const { track, satellite, rotator } = props;
  return (
    <figure class="polar">
      <svg viewBox={viewBox} role="img" aria-label={inWords(props)}>
        {track !== null && <path class="masked" fill-rule="evenodd" d={`${wholeDisc}${maskPath(track)}`} />}
        {rings.map((elevation_deg) => (
          <circle key={elevation_deg} class="ring" r={(90 - elevation_deg) / 90} />
        ))}
        <path class="ring" d="M-1 0H1M0 -1V1" />
        {track !== null && <Track {...props} track={track} />}
        {rotator?.commanded && <Commanded at={rotator.commanded} />}
        {rotator?.read && <Read at={rotator.read} />}
        {satellite && <Dot class="satellite" at={onDisc(satellite)} r={0.045} />}
        <Labels {...props} />
      </svg>
      <figcaption>
        <Key text={texts.now.plot.satellite}>
          <circle class="satellite" r={0.06} />
        </Key>
        {rotator && (
          <>
            <Key text={texts.now.plot.commanded}>
              <Commanded at={{ azimuth_deg: 0, elevation_deg: 90 }} />
            </Key>
            <Key text={texts.now.plot.read}>
              <Read at={{ azimuth_deg: 0, elevation_deg: 90 }} />
            </Key>
          </>
        )}
        <Key text={texts.now.plot.hidden}>
          <rect class="masked" x={-0.09} y={-0.07} width={0.18} height={0.14} />
        </Key>
      </figcaption>
    </figure>
  );
}

function Track({ pass, track, nowMs }: PolarPlotProps & { readonly track: PassTrack }) {
  const way = track.points.map(onDisc);
  const gone = track.points.findIndex(({ time }) => Date.parse(time) > nowMs);
  const split = gone < 0 ? way.length : gone;
  return (
    <g>
      <path class="track gone" d={pathOf(way.slice(0, split + 1))} />
      <path class="track" d={pathOf(way.slice(Math.max(0, split - 1)))} />
      {timeTicks(track.points).map(({ timeMs, x, y, across }) => (
        <path
          key={timeMs}
          class="tick"
          d={`M${x - 0.03 * across.x} ${y - 0.03 * across.y}L${x + 0.03 * across.x} ${y + 0.03 * across.y}`}
        />
      ))}
      {pass.aos_azimuth_deg !== null && <Dot class="end" at={onDisc(track.points[0]!)} r={0.025} />}
      {pass.los_azimuth_deg !== null && <Dot class="end" at={onDisc(track.points.at(-1)!)} r={0.025} />}
    </g>
  );
}

/** Above everything else, so that what moves does not hide them. */
function Labels({ pass, track }: PolarPlotProps) {
  const [aos, los] = [pass.aos_azimuth_deg !== null, pass.los_azimuth_deg !== null];
  const labels = useMemo(() => placeLabels(track?.points ?? [], { aos, los }, rings.slice(1)), [track, aos, los]);
  return labels.map(({ kind, text, x, y }) => (
    <text key={`${kind} ${text}`} class={kind} font-size={textSize[kind]} x={x} y={y + underMiddle * textSize[kind]}>
      {text}
    </text>
  ));
}

function Dot({ class: name, at, r }: { readonly class: string; readonly at: DiscPoint; readonly r: number }) {
  return <circle class={name} cx={at.x} cy={at.y} r={r} />;
}

/** A square ring: where the antenna was sent. */
function Commanded({ at }: { readonly at: Direction }) {
  const { x, y } = onDisc(at);
  return <rect class="commanded" x={x - 0.075} y={y - 0.075} width={0.15} height={0.15} />;
}

/** A cross: where the antenna says that it points. */
function Read({ at }: { readonly at: Direction }) {
  const { x, y } = onDisc(at);
  return <path class="read" d={`M${x - 0.1} ${y}h0.2M${x} ${y - 0.1}v0.2`} />;
}

function Key({ text, children }: { readonly text: string; readonly children: preact.ComponentChildren }) {
  return (
    <span class="key">
      <svg viewBox="-0.12 -0.12 0.24 0.24" aria-hidden="true">
        {children}
      </svg>
      {text}
    </span>
  );
}

function maskPath({ horizon }: PassTrack): string {
  return `${pathOf(horizon.map(onDisc))}Z`;
}

function inWords({ pass, satellite, rotator }: PolarPlotProps): string {
  const { plot } = texts.now;
  return [
    plot.title(pass.name, clock(pass.aos), clock(pass.los), Math.round(pass.max_elevation_deg)),
    satellite && plot.satelliteAt(Math.round(satellite.azimuth_deg), Math.round(satellite.elevation_deg)),
    rotator?.read && plot.readAt(Math.round(rotator.read.azimuth_deg), Math.round(rotator.read.elevation_deg)),
  ]
    .filter(Boolean)
    .join(' ');
}
