const mostCharacters = 300;

/** The first 300 characters of what a server says, on one line; of a page its title. Nothing in it can move a cursor. */
export function serverWords(text: string): string {
  const said = looksLikePage(text) ? (/<title[^>]*>([^<]*)/i.exec(text)?.[1] ?? '') : text;
  return said
    .slice(0, 4 * mostCharacters)
    .replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, mostCharacters);
}

/** HTML or XML: where none is expected, it comes from something in between, such as the login page of a network. */
export function looksLikePage(text: string): boolean {
  return /^\s*</.test(text);
}

export const pageInstead = 'a page came back instead of an answer; does a login page stand in between?';
