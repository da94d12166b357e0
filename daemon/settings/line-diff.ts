/** One line of a comparison: in both texts, only in the old or only in the new one. */
export interface DiffLine {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
  /** What stands in the old text where both have it. */
  readonly old?: string;
}

/** Longer differences are told as one block out and one in. */
const mostCells = 4_000_000;
const contextLines = 3;

/** Compares two texts line by line. @param key what of a line is compared */
export function compareLines(before: string, after: string, key = (line: string) => line): DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)];
  const [keysA, keysB] = [a.map(key), b.map(key)];
  let head = 0;
  while (head < a.length && head < b.length && keysA[head] === keysB[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && keysA[a.length - 1 - tail] === keysB[b.length - 1 - tail])
    tail++;
  const both = (i: number, j: number): DiffLine => ({ mark: ' ', text: b[j]!, old: a[i]! });
  const out: DiffLine[] = [];
  for (let i = 0; i < head; i++) out.push(both(i, i));
  for (const [i, j] of steps(keysA.slice(head, a.length - tail), keysB.slice(head, b.length - tail))) {
    if (i !== null && j !== null) out.push(both(head + i, head + j));
    else if (i !== null) out.push({ mark: '-', text: a[head + i]! });
    else out.push({ mark: '+', text: b[head + j!]! });
  }
  for (let k = tail; k > 0; k--) out.push(both(a.length - k, b.length - k));
  return out;
}

/** The unified diff of two texts, empty where they are alike. */
export function unifiedDiff(before: string, after: string, name: string): string {
  const lines = compareLines(before, after);
  const changed = lines.flatMap(({ mark }, i) => (mark === ' ' ? [] : [i]));
  if (changed.length === 0) return '';
  const out = [`--- ${name}`, `+++ ${name}`];
  for (let first = 0; first < changed.length; ) {
    let last = first;
    while (last + 1 < changed.length && changed[last + 1]! - changed[last]! <= 2 * contextLines) last++;
    const from = Math.max(0, changed[first]! - contextLines);
    const hunk = lines.slice(from, changed[last]! + contextLines + 1);
    const earlier = lines.slice(0, from);
    const range = (side: '-' | '+') => {
      const count = hunk.filter(({ mark }) => mark === ' ' || mark === side).length;
      const start = earlier.filter(({ mark }) => mark === ' ' || mark === side).length;
      return `${side}${count === 0 ? start : start + 1},${count}`;
    };
    out.push(`@@ ${range('-')} ${range('+')} @@`, ...hunk.map(({ mark, text }) => mark + text));
    first = last + 1;
  }
  return `${out.join('\n')}\n`;
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

/** Pairs of indexes along the longest common subsequence; null on the side that has no such line. */
function steps(a: readonly string[], b: readonly string[]): [number | null, number | null][] {
  const out: [number | null, number | null][] = [];
  const width = b.length + 1;
  if (a.length * b.length > mostCells)
    return [...a.map((_, i): [number, null] => [i, null]), ...b.map((_, j): [null, number] => [null, j])];
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] =
        a[i] === b[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) out.push([i++, j++]);
    else if (j === b.length || (i < a.length && common[(i + 1) * width + j]! >= common[i * width + j + 1]!))
      out.push([i++, null]);
    else out.push([null, j++]);
  }
  return out;
}
