/** What a terminal would obey, or not show: control characters, line ends, and those that turn the direction of writing. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}\s]+/gu;

/** A text from outside as one line of at most `most` characters. */
export function printable(text: string, most: number): string {
  // Cut first: it may be long. What is taken away makes it shorter only.
  const plain = [
    ...text
      .slice(0, 8 * most)
      .replace(unprintable, ' ')
      .trim(),
  ];
  return plain.length > most ? `${plain.slice(0, most - 1).join('')}…` : plain.join('');
}
