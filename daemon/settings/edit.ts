import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap, isScalar, isSeq, type Node, parseDocument, Scalar, visit } from 'yaml';
import { alignItems, isRecord } from './align.ts';
import { compareLines } from './line-diff.ts';

/**
 * YAML text changed so that it says `data`. What stays as it is keeps its comments, its order and its way of writing.
 * @param text without syntax errors
 */
export function editYaml(text: string, data: unknown): string {
  const document = parseDocument(text, { strict: true, stringKeys: true });
  const before: unknown = document.toJS();
  if (isDeepStrictEqual(before, data)) return text;
  const contents = edited(document, document.contents, before, data);
  document.contents = contents as typeof document.contents;
  const written = document.toString({
    lineWidth: 0,
    indentSeq: !/^( *)[^\s#-][^\n]*:[ \t]*\n\1- /m.test(text) || /^( *)[^\s#-][^\n]*:[ \t]*\n\1 +- /m.test(text),
    flowCollectionPadding: /[[{] /.test(text),
  });
  const merged = withOldLines(text, written);
  return isDeepStrictEqual(parseDocument(merged, { stringKeys: true }).toJS(), data) ? merged : written;
}

/** The node of a value: the old one as far as it says the same. */
function edited(document: Document, node: unknown, before: unknown, after: unknown): Node {
  if (isDeepStrictEqual(before, after) && node !== null) return node as Node;
  if (isMap(node) && isRecord(before) && isRecord(after)) {
    for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) node.delete(key);
    for (const [key, value] of Object.entries(after)) {
      if (Object.hasOwn(before, key) && isDeepStrictEqual(before[key], value)) continue;
      node.set(key, edited(document, node.get(key, true) ?? null, before[key], value));
    }
    return node;
  }
  if (isSeq(node) && Array.isArray(before) && Array.isArray(after)) {
    const items = [...node.items];
    node.items = alignItems(before, after).map((from, i) =>
      from === null ? created(document, after[i]) : edited(document, items[from], before[from], after[i]),
    );
    return node;
  }
  if (isScalar(node) && !isRecord(after) && !Array.isArray(after) && node.anchor === undefined) {
    const fresh = new Scalar(after);
    if (typeof after === 'string' && typeof node.value === 'string' && node.type !== undefined) fresh.type = node.type;
    if (node.comment) fresh.comment = node.comment;
    if (node.commentBefore) fresh.commentBefore = node.commentBefore;
    if (node.spaceBefore) fresh.spaceBefore = node.spaceBefore;
    return fresh;
  }
  const made = created(document, after);
  if (isScalar(node) || isMap(node) || isSeq(node)) {
    // Behind a group a comment would be taken for one of what comes next.
    const comments = [node.commentBefore, node.comment].filter((comment) => comment);
    if (comments.length > 0) made.commentBefore = comments.join('\n');
  }
  return made;
}

const longestLine = 8;

/** A new node; short lists stand in one line, as people write them. */
function created(document: Document, value: unknown): Node {
  const node = document.createNode(value) as Node;
  visit(node, {
    Seq(_, list) {
      if (list.items.length > 0 && list.items.length <= longestLine && list.items.every(isScalar)) list.flow = true;
    },
  });
  return node;
}

/** Lines that differ in blanks alone stay as their author wrote them. */
function withOldLines(before: string, after: string): string {
  const key = (line: string) => {
    const indent = line.length - line.trimStart().length;
    return `${indent} ${line.replace(/\s+/g, '')}`;
  };
  const lines = compareLines(before, after, key);
  const stays = (i: number) => lines[i]?.mark === ' ';
  return `${lines
    .flatMap(({ mark, text, old }, i) => {
      // An empty line between what stays is lost at the end of a list.
      if (mark === '-') return text.trim() === '' && stays(i - 1) && stays(i + 1) ? [text] : [];
      return [old ?? text];
    })
    .join('\n')}\n`;
}
