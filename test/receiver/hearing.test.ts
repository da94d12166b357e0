import { expect, test } from 'vitest';
import { makeHearing } from '../../daemon/receiver/hearing.ts';

const minute = 60;

function hear(each: (hearing: ReturnType<typeof makeHearing>, second: number) => void, seconds = minute) {
  const hearing = makeHearing();
  for (let s = 0; s < seconds; s++) each(hearing, s);
  return hearing;
}
const at = (second: number) => 1000 * second;

test('noise is nothing, also where it makes candidates all the time', () => {
  const hearing = hear((one, s) => {
    one.rejects(3, at(s));
    one.heard(null, at(s));
  });
  expect(hearing.report(at(minute))).toEqual({ state: 'nothing', text: 'no signal above the noise' });
});

test('a signal without sync is told with its strength and place, until it is gone for some seconds', () => {
  const hearing = hear((one, s) => one.heard(s === 55 ? { snrDb: 9.2, offsetHz: 3120 } : null, at(s)));
  const text = 'a signal 9 dB above the noise, 3.1 kHz above where it is expected, but no sync';
  expect(hearing.report(at(minute))).toEqual({ state: 'signal', text });
  expect(hearing.report(at(minute + 10)).state).toBe('nothing');
});

test('candidates that a signal brings are frames that fail; those of the noise do not make a signal one of frames', () => {
  const signal = { snrDb: 12, offsetHz: 40 };
  const failing = hear((one, s) => {
    one.heard(s % 10 === 0 ? signal : null, at(s));
    if (s % 10 === 1) one.rejects(2, at(s));
  });
  expect(failing.report(at(minute))).toEqual({
    state: 'failing',
    text: 'frames fail their check (10 in the last minute)',
  });
  const noisy = hear((one, s) => {
    one.heard(s > 50 ? signal : null, at(s));
    one.rejects(2, at(s));
  });
  expect(noisy.report(at(minute)).text).toBe('a signal 12 dB above the noise, where it is expected, but no sync');
});

test('frames are counted for a minute', () => {
  const hearing = hear((one, s) => s % 4 === 0 && one.frame(at(s)), 3 * minute);
  expect(hearing.report(at(3 * minute))).toEqual({ state: 'frames', text: 'frames: 14 in the last minute' });
  expect(hearing.report(at(5 * minute)).state).toBe('nothing');
});
