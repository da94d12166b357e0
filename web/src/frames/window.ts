/** Which rows of a long list are in view, and some beside them. */
export interface RowWindow {
  readonly first: number;
  /** Behind the last. */
  readonly end: number;
}

const besides = 8;

export function rowWindow(scrollTop: number, height: number, rowHeight: number, rows: number): RowWindow {
  const first = Math.max(0, Math.min(rows, Math.floor(scrollTop / rowHeight)) - besides);
  const end = Math.min(rows, Math.ceil((scrollTop + height) / rowHeight) + besides);
  return { first, end: Math.max(first, end) };
}

/** Where to scroll to for a row to be seen; where it is seen already, nowhere. */
export function scrollToRow(row: number, scrollTop: number, height: number, rowHeight: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}
