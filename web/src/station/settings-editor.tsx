import { useEffect, useState } from 'preact/hooks';
import { texts } from '../texts.ts';
import { changeCount } from './change-count.ts';
import { DiffDialog } from './diff-dialog.tsx';
import { check, draftSettings, draftYaml, edit, failure, isChanged, load, movesTo, report, saved } from './draft.ts';
import { ObjectField } from './form/object-field.tsx';
import type { Schema } from './form/schema.ts';

const words = texts.station;

/** The settings as a form and as text, checked while they are changed. */
export function SettingsEditor() {
  const [reviewing, setReviewing] = useState(false);
  useEffect(() => {
    if (!isChanged()) void load();
  }, []);
  const now = report.value;
  if (now === null) return <p>{failure.value === null ? texts.loading : texts.failed(failure.value)}</p>;
  const problems = check.value?.problems ?? [];
  const places = new Map(problems.map(({ path, message }) => [path, message]));
  const changed = isChanged();
  return (
    <>
      <div class="settings-file">
        <p class="quiet">{words.file(now.file)}</p>
        {now.not_writable !== null && <p class="warn">{words.notWritable(now.not_writable)}</p>}
        {now.saved_to !== now.file && <p>{words.savedTo(now.saved_to)}</p>}
      </div>
      <section class="panel save-bar" aria-label={words.saving}>
        <div class="state" role="status">
          <State changed={changed} />
        </div>
        {problems.length > 0 && (
          <ul class="problems">
            {problems.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                {path !== '' && <code>{path}</code>} {message}
              </li>
            ))}
          </ul>
        )}
        <p class="buttons">
          <button
            type="button"
            disabled={!changed || problems.length > 0 || check.value === null || now.not_writable !== null}
            onClick={() => setReviewing(true)}
          >
            {words.review}
          </button>
          <button type="button" class="quiet" disabled={!changed} onClick={() => void load()}>
            {words.discard}
          </button>
        </p>
      </section>
      <div class="both">
        <form class="panel settings-form" aria-label={words.form} onSubmit={(event) => event.preventDefault()}>
          <h2>{words.form}</h2>
          <ObjectField
            schema={now.schema as Schema}
            value={draftSettings.value}
            path=""
            label=""
            problems={places}
            onChange={(settings) => edit({ settings })}
          />
        </form>
        <section class="panel settings-yaml">
          <h2 id="yaml-title">{words.yaml}</h2>
          <p class="quiet">{words.yamlHint}</p>
          <textarea
            class="mono"
            aria-labelledby="yaml-title"
            spellcheck={false}
            wrap="off"
            value={draftYaml.value}
            onInput={(event) => edit({ yaml: event.currentTarget.value })}
          />
        </section>
      </div>
      {reviewing && check.value !== null && <DiffDialog check={check.value} onClose={() => setReviewing(false)} />}
    </>
  );
}

/** How it stands with the draft, in one line. */
function State({ changed }: { changed: boolean }) {
  const last = saved.value;
  if (failure.value !== null)
    return (
      <>
        <p class="bad">{texts.failed(failure.value)}</p>
        <button type="button" class="quiet" onClick={() => void load()}>
          {words.changedMeanwhile}
        </button>
      </>
    );
  if (last === 'restarting') {
    const moves = movesTo.value;
    return (
      <p>
        {words.restarting}
        {moves !== null && (
          <>
            {' '}
            {words.moves} <a href={moves.url}>{moves.url}</a>
          </>
        )}
      </p>
    );
  }
  if (last === 'refused') return <p class="bad">{texts.notSaved}</p>;
  if (last?.outcome === 'undone') return <p class="bad">{words.undone(last.reason)}</p>;
  if (changed) {
    const unsaved = words.changed(changeCount(report.value?.settings, draftSettings.value));
    if (check.value === null) return <p class="quiet">{`${unsaved} ${words.checking}`}</p>;
    const count = check.value.problems.length;
    if (count > 0) return <p class="bad">{`${unsaved} ${words.problems(count)}`}</p>;
    return <p class="good">{`${unsaved} ${words.noProblems}`}</p>;
  }
  if (last?.outcome === 'applied') return <p class="good">{words.applied}</p>;
  return <p class="quiet">{words.noChange}</p>;
}
