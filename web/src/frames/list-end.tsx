import { texts } from '../texts.ts';
import { atOldest, loaded, loadingOlder, mostLoaded } from './loaded.ts';
import type { useSearch } from './use-search.ts';

const t = texts.frames;
type Search = ReturnType<typeof useSearch>;

/** What is behind the last row. @param atEnd whether that is in view */
export function ListEnd(props: { rows: number; older: () => void; atEnd: boolean; filtered: boolean; back: Search }) {
  const { rows, older, atEnd, filtered, back } = props;
  const count = loaded.value.length;
  if (count === 0) return <p class="quiet list-end">{t.none}</p>;
  if (filtered) return <SearchEnd rows={rows} back={back} />;
  return (
    <p class="quiet list-end">
      {loadingOlder.value ? (
        t.loadingOlder
      ) : count >= mostLoaded ? (
        t.most(mostLoaded)
      ) : atOldest.value || loaded.value[0]?.seq === 1 ? (
        atEnd && t.oldest
      ) : (
        <button type="button" class="quiet" onClick={older}>
          {t.loadOlder}
        </button>
      )}
    </p>
  );
}

/** How far a filter was looked for. */
function SearchEnd({ rows, back: { search, more, stop } }: { rows: number; back: Search }) {
  const { state, searchedTo, error } = search;
  const seq = searchedTo ?? loaded.value[0]?.seq ?? 1;
  return (
    <p class="quiet list-end" role="status">
      {state === 'through' ? (rows === 0 ? t.noneAnywhere : t.searchedAll) : t.searchedTo(seq)}
      {state === 'failed' && error !== null && <span class="bad"> {texts.failed(error)}</span>}{' '}
      {state === 'searching' ? (
        <button type="button" class="quiet" onClick={stop}>
          {t.stopSearch}
        </button>
      ) : (
        state !== 'through' && (
          <button type="button" class="quiet" onClick={more}>
            {t.searchOn}
          </button>
        )
      )}
    </p>
  );
}
