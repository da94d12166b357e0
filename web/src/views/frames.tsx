import { useEffect, useMemo, useState } from 'preact/hooks';
import type { FramesPage, SatelliteEntry, StoredFrame } from '../../../daemon/api/wire.ts';
import '../frames/frames.css';
import { FrameDetail } from '../frames/detail.tsx';
import { everyFrame, frameFilter } from '../frames/filter.ts';
import { Filters } from '../frames/filters.tsx';
import { LazyValues } from '../frames/lazy-values.tsx';
import { FrameList } from '../frames/list.tsx';
import { ListEnd } from '../frames/list-end.tsx';
import { forgetOlder, ledger, loaded, loadOlder } from '../frames/loaded.ts';
import { isEveryFrame } from '../frames/search.ts';
import { Download } from '../frames/take-away.tsx';
import { useSearch } from '../frames/use-search.ts';
import { isNarrow } from '../parts/narrow.ts';
import { useResource } from '../parts/use-resource.ts';
import { status } from '../station.ts';
import { texts } from '../texts.ts';

const t = texts.frames;

export default function Frames({ rest }: { rest: string }) {
  const [wish, setWish] = useState(everyFrame);
  const [paused, setPaused] = useState<readonly StoredFrame[] | null>(null);
  const [atEnd, setAtEnd] = useState(true);
  useEffect(() => forgetOlder, []);
  const all = paused ?? loaded.value;
  const matches = useMemo(() => frameFilter(wish), [wish]);
  const fitting = useMemo(() => all.filter(matches ?? (() => true)).reverse(), [all, matches]);
  const back = useSearch(wish, ledger.value, loaded.value[0]?.seq ?? null, fitting.length);
  const { found, state } = back.search;
  const rows = useMemo(() => (found.length === 0 ? fitting : [...fitting, ...found.toReversed()]), [fitting, found]);
  const known = useResource<{ satellites: readonly SatelliteEntry[] }>('satellites').value?.satellites;
  const heard = useMemo(() => (known ?? []).filter(isHeard).map(({ name }) => name), [known]);
  const names = [...new Set([...heard, ...loaded.value.flatMap(({ satellite }) => satellite ?? [])])].sort().join('\n');
  const satellites = useMemo(() => (names === '' ? [] : names.split('\n')), [names]);
  const lastSeq = Math.max(status.value?.ledger.last_seq ?? 0, loaded.value.at(-1)?.seq ?? 0);
  const open = /^[1-9]\d{0,15}$/.test(rest) ? Number(rest) : null;
  const close = () => {
    if (rest !== '') location.hash = 'frames';
  };
  const older = () => {
    if (isEveryFrame(wish)) {
      if (paused === null) void loadOlder();
    } else if (state === 'full' || state === 'none') back.more();
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
              {isEveryFrame(wish) ? t.count(all.length, lastSeq) : t.countFitting(rows.length, lastSeq)}
            </span>
            <button type="button" class="quiet" onClick={() => setPaused(paused === null ? loaded.value : null)}>
              {paused === null ? t.pause : t.resume}
            </button>
            {paused !== null && <span class="warn">{t.paused(newerThan(paused.at(-1)?.seq ?? 0))}</span>}
            {rows.length > 0 && <Download label={t.download(rows.length)} frames={() => rows.toReversed()} />}
          </div>
        </>
      )}
      <div class={`frames${rest === '' ? '' : ' with-detail'}`}>
        <div class="panel list-panel">
          <FrameList
            rows={rows}
            open={open}
            choose={(seq, follows) => {
              // Who goes through many with the arrow keys goes back over all of them at once.
              if (follows) location.replace(`#frames/${seq}`);
              else location.hash = `frames/${seq}`;
            }}
            close={close}
            nearEnd={older}
            atEnd={setAtEnd}
          />
          <ListEnd rows={rows.length} older={older} atEnd={atEnd} filtered={!isEveryFrame(wish)} back={back} />
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

/** Whether the station may have frames of a satellite. */
function isHeard({ tracked, transmitters }: SatelliteEntry): boolean {
  return tracked !== null || transmitters.some(({ received }) => received);
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
