import { expect, test } from 'vitest';
import { makeLogRing } from '../../daemon/core/log-ring.ts';

const line = (level: number, msg: string, more: object = {}) =>
  JSON.stringify({ level, time: '2026-01-31T12:00:00.000Z', msg, ...more });

test('the last thousand lines, by level and number', () => {
  const ring = makeLogRing();
  for (let i = 1; i <= 2500; i++) ring.add(line(i % 10 === 0 ? 40 : 30, `line ${i}`));
  const all = ring.page(0, 'trace');
  expect([all.lines.length, all.lines[0]!.message, all.next]).toEqual([1000, 'line 1501', 2500]);
  expect(ring.page(2480, 'warn').lines.map(({ message }) => message)).toEqual(['line 2490', 'line 2500']);
  expect(ring.page(2500, 'trace')).toEqual({ lines: [], next: 2500 });
  // Numbers of a program that ran before.
  expect(ring.page(9999, 'trace').lines).toHaveLength(1000);
});

test('secrets are in no line, written as they are or as JSON, nor passwords of addresses', () => {
  const ring = makeLogRing();
  ring.hide(['a "quoted" one', 'plain']);
  ring.add(line(30, 'plain here', { err: { message: 'a "quoted" one', url: 'mqtt://me:word@host' } }));
  expect(ring.page(0, 'trace').lines).toEqual([
    {
      seq: 1,
      time: '2026-01-31T12:00:00.000Z',
      level: 'info',
      message: '******** here',
      fields: { err: { message: '********', url: 'mqtt://me:********@host' } },
    },
  ]);
});
