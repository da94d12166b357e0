import { useEffect, useMemo, useState } from 'preact/hooks';
import type { FramesPage, StoredFrame } from '../../../daemon/api/wire.ts';
import '../parts/parts.css';
import '../frames/frames.css';
import { FrameDetail } from '../frames/detail.tsx';
import { everyFrame, frameFilter } from '../frames/filter.ts';
import { Filters } from '../frames/filters.tsx';
import { LazyValues } from '../frames/lazy-values.tsx';
import { FrameList } from '../frames/list.tsx';
import { atOldest, forgetOlder, loaded, loadingOlder, loadOlder, mostLoaded } from '../frames/loaded.ts';
import { Download } from '../frames/take-away.tsx';
import { isNarrow } from '../parts/narrow.ts';
import { useResource } from '../parts/use-resource.ts';
import { texts } from '../texts.ts';

const t = texts.frames;

export default function Frames({ rest }: { rest: string }) {
  const [wish, setWish] = useState(everyFrame);
  const [paused, setPaused] = useState<readonly StoredFrame[] | null>(null);
  useEffect(() => forgetOlder, []);
  const all = paused ?? loaded.value;
  const matches = useMemo(() => frameFilter(wish), [wish]);
  const rows = useMemo(() => all.filter(matches ?? (() => true)).reverse(), [all, matches]);
  const names = [...new Set(loaded.value.flatMap(({ satellite }) => satellite ?? []))].sort().join('\n');
  const satellites = useMemo(() => (names === '' ? [] : names.split('\n')), [names]);
  const open = /^[1-9]\d{0,15}$/.test(rest) ? Number(rest) : null;
  const close = () => {
    if (rest !== '') location.hash = 'frames';
  };
  const older = () => {
    if (paused === null) void loadOlder();
  };
  const filters = <Filters wish={wish} satellites={satellites} set={setWish} />;
  return (
    <>
      {!(isNarrow.value && rest !== '') && (
        <>
          {isNarrow.value ? (
            <details class="filters-fold">
              <summary>{t.filters}</summary>
              {filters}
            </details>
          ) : (
            filters
          )}
          <div class="toolbar">
            <span class="quiet" role="status">
              {t.count(rows.length, all.length)}
            </span>
            <button type="button" class="quiet" onClick={() => setPaused(paused === null ? loaded.value : null)}>
              {paused === null ? t.pause : t.resume}
            </button>
            {paused !== null && <span class="warn">{t.paused(newerThan(paused.at(-1)?.seq ?? 0))}</span>}
            <Download label={t.download} frames={() => rows.toReversed()} />
          </div>
        </>
      )}
      <div class={`frames${rest === '' ? '' : ' with-detail'}`}>
        <div class="panel list-panel">
          <FrameList
            rows={rows}
            open={open}
            choose={(seq) => {
              location.hash = `frames/${seq}`;
            }}
            close={close}
            nearEnd={older}
          />
          <ListEnd rows={rows.length} older={older} />
        </div>
        {rest !== '' && <Opened key={rest} rest={rest} seq={open} close={close} />}
      </div>
      <LazyValues rows={rows} satellites={satellites} />
    </>
  );
}

function newerThan(seq: number): number {
  const all = loaded.value;
  let count = 0;
  for (let i = all.length - 1; i >= 0 && all[i]!.seq > seq; i--) count++;
  return count;
}

/** What is behind the last row. */
function ListEnd({ rows, older }: { rows: number; older: () => void }) {
  const count = loaded.value.length;
  if (count === 0) return <p class="quiet end">{t.none}</p>;
  return (
    <p class="quiet end">
      {rows === 0 && `${t.noneFits} `}
      {loadingOlder.value ? (
        t.loadingOlder
      ) : count >= mostLoaded ? (
        t.most(mostLoaded)
      ) : atOldest.value || loaded.value[0]?.seq === 1 ? (
        t.oldest
      ) : (
        <button type="button" class="quiet" onClick={older}>
          {t.loadOlder}
        </button>
      )}
    </p>
  );
}

/** The frame that the address names, asked for where it is not loaded. */
function Opened({ rest, seq, close }: { rest: string; seq: number | null; close: () => void }) {
  const here = seq === null ? undefined : loaded.value.find((frame) => frame.seq === seq);
  const path = seq === null || here !== undefined ? null : `frames?since=${seq - 1}&limit=1`;
  const { value, error } = useResource<FramesPage>(path);
  const frame = here ?? value?.frames.find((one) => one.seq === seq);
  if (frame !== undefined) return <FrameDetail frame={frame} close={close} />;
  const text =
    error !== null ? texts.failed(error) : path !== null && value === null ? texts.loading : t.one.absent(rest);
  return (
    <section class="panel detail">
      <p role="status">{text}</p>
      <button type="button" class="quiet" onClick={close}>
        {t.one.close}
      </button>
    </section>
  );
}
