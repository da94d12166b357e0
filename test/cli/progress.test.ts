import { expect, test } from 'vitest';
import type { CommandIo } from '../../daemon/cli/command.ts';
import { terminalProgress } from '../../daemon/cli/progress.ts';

function screen(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  const stderr = { isTTY, columns, write: (text: string) => written.push(text) } as unknown as CommandIo['stderr'];
  return { stderr, written };
}

test('nothing is drawn where there is no terminal', () => {
  const { stderr, written } = screen(false);
  const progress = terminalProgress(stderr);
  progress.show('x', 0.5);
  progress.clear();
  expect(written).toEqual([]);
});

test('a bar is redrawn ten times a second at most, cut to the width, and taken away', () => {
  const { stderr, written } = screen(true, 41);
  let now = 0;
  const progress = terminalProgress(stderr, () => now);
  progress.show('3 frames', 0.5);
  now = 99;
  progress.show('4 frames', 0.6);
  now = 100;
  progress.show('5 frames of a long name', 1.2);
  progress.clear();
  progress.clear();
  expect(written).toEqual([
    '\r\u001b[K[############------------]  50 % 3 frame',
    '\r\u001b[K[########################] 100 % 5 frame',
    '\r\u001b[K',
  ]);
});

test('without a length there is no bar', () => {
  const { stderr, written } = screen(true);
  terminalProgress(stderr).show('3 frames', null);
  expect(written).toEqual(['\r\u001b[K3 frames']);
});
