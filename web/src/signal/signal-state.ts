import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { LiveCapture, LiveChannel } from '../../../daemon/api/live-wire.ts';
import { status } from '../station.ts';
import type { ColourMapName } from './colour-map.ts';
import type { LevelScale } from './level-scale.ts';
import { makeRowRing, type RowRing } from './row-ring.ts';
import { type Span, within } from './span.ts';

export type ChannelName = LiveCapture['channels'][number];

/** What the view of the live signal shows, and what was chosen in it. */
export interface SignalState {
  readonly ring: RowRing;
  readonly chosenSdr: Signal<string | null>;
  /** The chosen one, or the first that gives samples. */
  readonly sdr: ReadonlySignal<string | null>;
  readonly capture: Signal<LiveCapture | null>;
  /** Why nothing comes. */
  readonly nothing: Signal<string | null>;
  /** The same, or why the SDR does not work though it should receive. */
  readonly trouble: ReadonlySignal<string | null>;
  readonly chosenChannel: Signal<string | null>;
  readonly channel: ReadonlySignal<ChannelName | null>;
  readonly look: Signal<LiveChannel | null>;
  /** All that is captured. */
  readonly whole: ReadonlySignal<Span | null>;
  /** What was zoomed to; null for all of it. */
  readonly zoom: Signal<Span | null>;
  readonly span: ReadonlySignal<Span | null>;
  readonly paused: Signal<boolean>;
  readonly auto: Signal<boolean>;
  readonly scale: Signal<LevelScale>;
  readonly colours: Signal<ColourMapName>;
}

const mostRows = 1024;
const mostBins = 2048;

export const nameOfChannel = ({ satellite, transmitter }: Pick<ChannelName, 'satellite' | 'transmitter'>): string =>
  `${satellite} ${transmitter}`;

export function makeSignalState(): SignalState {
  const chosenSdr = signal<string | null>(null);
  const chosenChannel = signal<string | null>(null);
  const capture = signal<LiveCapture | null>(null);
  const zoom = signal<Span | null>(null);
  const whole = computed(() => {
    if (capture.value === null) return null;
    const { centreHz, sampleRate } = capture.value;
    return { lowHz: centreHz - sampleRate / 2, highHz: centreHz + sampleRate / 2 };
  });
  const nothing = signal<string | null>(null);
  const sdr = computed(() => {
    const sdrs = status.value?.sdrs ?? [];
    const first =
      sdrs.find(({ state, reason }) => state === 'streaming' && reason === null) ??
      sdrs.find(({ state }) => state === 'streaming') ??
      sdrs[0];
    return sdrs.find(({ id }) => id === chosenSdr.value)?.id ?? first?.id ?? null;
  });
  return {
    ring: makeRowRing(mostRows, mostBins),
    chosenSdr,
    sdr,
    capture,
    nothing,
    trouble: computed(() => {
      const now = status.value?.sdrs.find(({ id }) => id === sdr.value);
      return now?.state === 'failed' || now?.state === 'waiting' ? (now.reason ?? nothing.value) : nothing.value;
    }),
    chosenChannel,
    channel: computed(() => {
      const channels = capture.value?.channels ?? [];
      return channels.find((one) => nameOfChannel(one) === chosenChannel.value) ?? channels[0] ?? null;
    }),
    look: signal(null),
    whole,
    zoom,
    span: computed(() => {
      if (whole.value === null) return null;
      return zoom.value === null ? whole.value : within(zoom.value, whole.value);
    }),
    paused: signal(false),
    auto: signal(true),
    scale: signal({ floorDb: -100, rangeDb: 50 }),
    colours: signal('viridis'),
  };
}
