import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const sources = join(import.meta.dirname, '../../web/src');
const views = readdirSync(join(sources, 'views')).map((file) => file.replace(/\.tsx$/, ''));
const read = (path: string) => readFileSync(join(sources, path), 'utf8');

/** Classes that a view's elements have, as far as they are written out. */
function classesOf(view: string): Set<string> {
  const files = readdirSync(join(sources, view), { recursive: true, encoding: 'utf8' }).map(
    (file) => `${view}/${file}`,
  );
  const texts = [`views/${view}.tsx`, ...files.filter((file) => file.endsWith('.tsx'))].map(read);
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/class="([^"]+)"/g)].flatMap(([, names]) => names!.split(' '))),
  );
}

/** The classes of the outermost element that each rule of a view's style sheet is for. */
function claimedBy(view: string): Set<string> {
  // Without comments, and without what an element must not be.
  const css = read(`${view}/${view}.css`).replace(/\/\*.*?\*\/|:\w+\([^)]*\)/gs, '');
  const selectors = [...css.matchAll(/([^{}]+)\{/g)].flatMap(([, list]) => list!.split(','));
  const outermost = selectors.map((selector) => selector.trim().split(/[\s>+]/)[0]!);
  return new Set(outermost.flatMap((compound) => [...compound.matchAll(/\.([a-z-]+)/g)].map(([, name]) => name!)));
}

// A style sheet stays when its view is left: what it says of another view's elements holds there from then on.
test.each(views)('the style sheet of %s is for no element of another view', (view) => {
  const claimed = claimedBy(view);
  for (const other of views.filter((name) => name !== view))
    expect(
      [...classesOf(other)].filter((name) => claimed.has(name)),
      `elements of ${other}`,
    ).toEqual([]);
});
