const mostLetters = 40;
const [head, tail] = [24, 14];
/** Without what ends a sentence. */
const url = /(https?:\/\/[^\s'"]*[^\s'".,:;)])/;

/** A text in pieces; a long address among them is `shown` without its middle. */
export function shortUrls(text: string): readonly { readonly shown: string; readonly whole: string }[] {
  return text
    .split(url)
    .filter((piece) => piece !== '')
    .map((whole) => {
      const long = url.test(whole) && whole.length > mostLetters;
      return { whole, shown: long ? `${whole.slice(0, head)}…${whole.slice(-tail)}` : whole };
    });
}
