import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { LiveRow } from '../../../daemon/api/live-wire.ts';
import { ChannelLook } from '../signal/channel-look.tsx';
import { Controls } from '../signal/controls.tsx';
import { heldLook } from '../signal/held-look.ts';
import { type LiveFeed, openLiveFeed } from '../signal/live-feed.ts';
import { fillIn } from '../signal/past-rows.ts';
import '../signal/signal.css';
import { makeSignalState, type SignalState } from '../signal/signal-state.ts';
import { summary } from '../signal/summary.ts';
import { Waterfall } from '../signal/waterfall.tsx';
import type { WaterfallCanvas } from '../signal/waterfall-canvas.ts';
import { rowsPerS, wishOf } from '../signal/wish.ts';
import { texts } from '../texts.ts';

const summaryEveryMs = 10_000;

/** What the radio hears this moment. */
export default function Signal(_: { rest: string }) {
  const state = useRef<SignalState | null>(null);
  state.current ??= makeSignalState();
  const of = state.current;
  const canvas = useRef<WaterfallCanvas | null>(null);
  const feed = useRef<LiveFeed | null>(null);
  const columns = useSignal(0);
  const past = useRef<LiveRow[]>([]);
  useEffect(() => {
    feed.current = openLiveFeed({
      text(message) {
        if (message.sdr !== of.sdr.peek()) return;
        if (message.kind === 'nothing') {
          of.nothing.value = message.reason;
          of.look.value = null;
          return;
        }
        of.nothing.value = null;
        if (message.capture !== of.capture.peek()?.capture) {
          of.ring.clear();
          past.current = [];
          of.look.value = null;
        }
        of.capture.value = message;
      },
      row(row) {
        if (of.paused.peek() || row.capture !== of.capture.peek()?.capture) return;
        if (row.kind === 'past') return void past.current.push(row);
        const newest = of.ring.slot(0);
        const afterMs = newest === null ? Number.NEGATIVE_INFINITY : of.ring.row(newest).timeMs;
        for (const one of fillIn(past.current, row, rowsPerS, afterMs)) canvas.current?.row(one);
        past.current = [];
        canvas.current?.row(row);
      },
      channel(look) {
        const capture = of.capture.peek();
        const shown = capture?.channels[look.channel];
        if (of.paused.peek() || look.capture !== capture?.capture || shown !== of.channel.peek()) return;
        of.look.value = heldLook(of.look.peek(), look);
      },
    });
    feed.current.want(wishOf(of, columns.peek()));
    return () => feed.current?.close();
  }, []);
  useSignalEffect(() => feed.current?.want(wishOf(of, columns.value)));
  // Another receiver: nothing of what is shown is true of it.
  useSignalEffect(() => {
    void of.sdr.value;
    of.ring.clear();
    of.capture.value = null;
    of.look.value = null;
    of.nothing.value = null;
    of.zoom.value = null;
  });
  return (
    <div class="signal">
      <section class="panel main" aria-labelledby="waterfall-title">
        <h2 id="waterfall-title" class="visually-hidden">
          {texts.signal.waterfall}
        </h2>
        <Controls state={of} />
        <Waterfall
          state={of}
          opened={(opened) => (canvas.current = opened)}
          resized={() => (columns.value = canvas.current?.columns ?? 0)}
        />
        <Summary state={of} />
      </section>
      <section class="panel look" aria-labelledby="look-title">
        <h2 id="look-title">{texts.signal.channel}</h2>
        <ChannelLook state={of} />
      </section>
    </div>
  );
}

function Summary({ state }: { readonly state: SignalState }) {
  const text = useSignal('');
  useEffect(() => {
    const tell = () => {
      const capture = state.capture.peek();
      const trouble = state.trouble.peek();
      if (trouble !== null) text.value = texts.signal.nothing(trouble);
      else text.value = capture === null ? texts.signal.waiting : summary(capture, state.ring, state.look.peek());
    };
    const timers = [setTimeout(tell, 2000), setInterval(tell, summaryEveryMs)];
    return () => timers.forEach(clearInterval);
  }, []);
  return (
    <p role="status" class="quiet">
      {text}
    </p>
  );
}
