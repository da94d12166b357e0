import { signal } from '@preact/signals';
import type {
  SettingsChange,
  SettingsCheck,
  SettingsProposal,
  SettingsReport,
  SettingsSaved,
} from '../../../daemon/api/wire.ts';
import { change, get, RequestError } from '../api.ts';
import { type NewAddress, newAddress } from './new-address.ts';

/** The settings as they are, and as they are being changed. Stays while other views are looked at. */
export const report = signal<SettingsReport | null>(null);
export const draftYaml = signal('');
export const draftSettings = signal<unknown>(null);
/** What the station says of the draft; null while that is not known. */
export const check = signal<SettingsCheck | null>(null);
export const failure = signal<string | null>(null);
/** Null: nothing was saved lately; restarting: the station is away; refused: the operator gave no token. */
export const saved = signal<'restarting' | 'refused' | SettingsChange | null>(null);

/** Where the station will be with what is being saved; null: where it is. */
export const movesTo = signal<NewAddress | null>(null);

const checkAfterMs = 400;
const askEveryMs = 500;
/** A station that undoes the change is back at its address before. */
const goneAfterMs = 8000;
let timer: ReturnType<typeof setTimeout> | undefined;
/** What was edited last: the other follows from it. */
let edited: SettingsProposal | null = null;

/** Takes the file as it is; what was being changed is lost. */
export async function load(): Promise<void> {
  try {
    take(await get<SettingsReport>('settings'));
  } catch (error) {
    failure.value = wordsOf(error);
  }
}

export function edit(proposal: SettingsProposal): void {
  edited = proposal;
  if (saved.value === 'refused') saved.value = null;
  if ('yaml' in proposal) draftYaml.value = proposal.yaml;
  else draftSettings.value = proposal.settings;
  check.value = null;
  clearTimeout(timer);
  timer = setTimeout(() => void ask(proposal), checkAfterMs);
}

export function isChanged(): boolean {
  return edited !== null && (check.value === null || check.value.diff !== '' || check.value.problems.length > 0);
}

/** Saves what was checked, and waits until the station is back. */
export async function save(): Promise<void> {
  const [proposal, before] = [edited, report.value];
  if (proposal === null || before === null) return;
  failure.value = null;
  movesTo.value = addressAfter();
  try {
    const answer = await change<SettingsSaved>('PUT', 'settings', { ...proposal, hash: before.hash });
    saved.value = answer === null ? 'refused' : 'restarting';
    if (answer === null) return;
    let heardAt = performance.now();
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, askEveryMs));
      const now = await get<SettingsReport>('settings', AbortSignal.timeout(5000)).catch(() => null);
      if (now !== null) heardAt = performance.now();
      // The policy of the page lets it ask no other address: it goes there when this one has fallen silent.
      else if (movesTo.value?.followed && performance.now() - heardAt > goneAfterMs) {
        location.assign(movesTo.value.url);
        return;
      }
      if (now === null || now.last_change === null || now.last_change.at === before.last_change?.at) continue;
      const undone = now.last_change.outcome === 'undone';
      saved.value = now.last_change;
      // What did not start stays in the form, to be mended.
      if (undone) report.value = now;
      else take(now);
      return;
    }
  } catch (error) {
    failure.value = wordsOf(error);
  }
}

/** Where the page will be when the draft is saved; null: where it is. */
export function addressAfter(): NewAddress | null {
  const after = check.value?.settings ?? draftSettings.value;
  return newAddress(report.value?.settings, after, new URL(location.href));
}

function take(now: SettingsReport): void {
  clearTimeout(timer);
  edited = null;
  if (saved.value === 'refused') saved.value = null;
  report.value = now;
  draftYaml.value = now.yaml;
  draftSettings.value = now.settings;
  check.value = null;
  failure.value = null;
}

async function ask(proposal: SettingsProposal): Promise<void> {
  try {
    const answer = await post<SettingsCheck>('settings/check', proposal);
    if (edited !== proposal) return;
    check.value = answer;
    failure.value = null;
    if (!('yaml' in proposal)) draftYaml.value = answer.yaml;
    else if (answer.settings !== null) draftSettings.value = answer.settings;
  } catch (error) {
    if (edited === proposal) failure.value = wordsOf(error);
  }
}

/** Only looked at: no token is needed. */
async function post<T>(path: string, body: unknown): Promise<T> {
  const response = await fetch(`/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as T & { message?: string };
  if (!response.ok) throw new RequestError(response.status, answer.message ?? `HTTP ${response.status}`);
  return answer;
}

// What is being changed lives as long as the tab: whoever closes it is asked.
addEventListener('beforeunload', (event) => {
  if (isChanged() && saved.value !== 'restarting') event.preventDefault();
});

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
