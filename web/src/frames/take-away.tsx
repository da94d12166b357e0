import { useState } from 'preact/hooks';
import type { StoredFrame } from '../../../daemon/api/wire.ts';
import { texts } from '../texts.ts';
import { asciiOf } from './bytes.ts';
import { type FormatName, formats } from './formats.ts';
import { download } from './save.ts';

const t = texts.frames;
const names = Object.keys(formats) as FormatName[];

/** Frames as a file. @param frames in the order of the file */
export function Download({ label, frames }: { label: string; frames: () => readonly StoredFrame[] }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: no field set, a row of buttons
    <span class="choices" role="group" aria-label={label}>
      {label}
      {names.map((name) => (
        <button key={name} type="button" class="quiet" onClick={() => download(frames(), name)}>
          {t.formats[name]}
        </button>
      ))}
    </span>
  );
}

const copies = {
  hex: ({ frame }: StoredFrame) => frame,
  ascii: ({ frame }: StoredFrame) => asciiOf(frame),
  json: (frame: StoredFrame) => JSON.stringify(frame, null, 2),
} as const;

export function Copy({ frame }: { frame: StoredFrame }) {
  const [said, setSaid] = useState('');
  async function copy(as: keyof typeof copies): Promise<void> {
    try {
      // Not there on a page without TLS from another computer.
      await navigator.clipboard.writeText(copies[as](frame));
      setSaid(t.copied(t.copies[as]));
    } catch {
      setSaid(t.notCopied);
    }
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: no field set, a row of buttons
    <span class="choices" role="group" aria-label={t.copy}>
      {t.copy}
      {(Object.keys(copies) as (keyof typeof copies)[]).map((as) => (
        <button key={as} type="button" class="quiet" onClick={() => void copy(as)}>
          {t.copies[as]}
        </button>
      ))}
      <span role="status">{said}</span>
    </span>
  );
}
