import { CheckView } from '../station/check-view.tsx';
import { Collectors } from '../station/collectors.tsx';
import { LogView } from '../station/log-view.tsx';
import { SettingsEditor } from '../station/settings-editor.tsx';
import { status } from '../station.ts';
import { texts } from '../texts.ts';
import '../station/station.css';

const parts = { settings: SettingsEditor, log: LogView, collectors: Collectors, check: CheckView } as const;
type Part = keyof typeof parts;

/** How the station is set up, and how that works: #station/log. */
export default function Station({ rest }: { rest: string }) {
  const part: Part = Object.hasOwn(parts, rest) ? (rest as Part) : 'settings';
  const Shown = parts[part];
  return (
    <div class="station">
      <nav class="parts" aria-label={texts.station.parts}>
        {Object.entries(texts.station.sections).map(([name, text]) => (
          <a key={name} href={`#station/${name}`} aria-current={name === part ? 'page' : undefined}>
            {text}
          </a>
        ))}
      </nav>
      {status.value !== null && <p class="quiet">{texts.station.runs(status.value.version, status.value.uptime_s)}</p>}
      <Shown />
    </div>
  );
}
