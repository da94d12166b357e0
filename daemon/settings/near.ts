/** Number of single-character edits between two words, a swap of neighbours counting one. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, substituted);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforeLast[j - 2]! + 1);
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

/** The words of `known` that `word` was probably meant to be, nearest first, at most `most`. */
export function nearWords(word: string, known: Iterable<string>, most = 5): string[] {
  const wanted = word.toLowerCase().slice(0, 100);
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  const found: { word: string; distance: number }[] = [];
  for (const candidate of new Set(known)) {
    const other = candidate.toLowerCase();
    let distance = editDistance(wanted, other);
    // A beginning or a part of a name is a likely wish, however long the rest is.
    if (wanted.length >= 3 && other.includes(wanted)) distance = Math.min(distance, other.startsWith(wanted) ? 0.5 : 1);
    if (distance <= limit) found.push({ word: candidate, distance });
  }
  found.sort((a, b) => a.distance - b.distance || (a.word < b.word ? -1 : 1));
  return found.slice(0, most).map((f) => f.word);
}
