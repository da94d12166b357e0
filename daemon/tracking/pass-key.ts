/** What the user wants of a pass to come. */
export type Choice = 'pinned' | 'skipped';

export interface PassChoice {
  readonly key: string;
  readonly norad: number;
  /** Rise as predicted when it was chosen. */
  readonly aosMs: number;
  readonly choice: Choice;
}

/** Newer elements move a rise by seconds to minutes; the next one of the same satellite is 80 minutes away or more. */
export const SAME_PASS_MS = 20 * 60_000;

interface PassTime {
  readonly norad: number;
  readonly aosMs: number;
  readonly losMs: number;
}

/** Whether two predictions are of one pass. Behind a mountain a satellite may rise twice within minutes: those two do not overlap. */
export function isSamePass(a: PassTime, b: PassTime): boolean {
  const near = a.norad === b.norad && Math.abs(a.aosMs - b.aosMs) <= SAME_PASS_MS;
  return near && a.aosMs < b.losMs && b.aosMs < a.losMs;
}

/** Names a pass to come: `40949-20261126T120000Z`. */
export function passKey(norad: number, aosMs: number): string {
  const iso = new Date(Math.round(aosMs / 1000) * 1000).toISOString();
  return `${norad}-${iso.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

/** @throws RangeError for a text that `passKey` doesn't give */
export function readPassKey(key: string): { readonly norad: number; readonly aosMs: number } {
  const match = /^([1-9]\d{0,8})-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(key);
  const [year, month, day, hour, minute, second] = (match ?? []).slice(2);
  const aosMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (!match || Number.isNaN(aosMs)) throw new RangeError(`'${key.slice(0, 60)}' is no key of a pass`);
  return { norad: Number(match[1]), aosMs };
}

/** The choice for a pass, also when its rise has moved a little since; null when there is none. */
export function choiceFor(choices: readonly PassChoice[], norad: number, aosMs: number): Choice | null {
  const away = (choice: PassChoice) => Math.abs(choice.aosMs - aosMs);
  const near = choices.filter((choice) => choice.norad === norad && away(choice) <= SAME_PASS_MS);
  return near.toSorted((a, b) => away(a) - away(b))[0]?.choice ?? null;
}
