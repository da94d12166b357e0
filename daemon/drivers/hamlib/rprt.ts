/** What hamlib's error numbers mean (`rig_errcode_e` in hamlib/rig.h; rotctld and rigctld send them negative as `RPRT -n`). */
const meanings: Readonly<Record<number, string>> = {
  1: 'invalid value',
  2: 'invalid configuration',
  3: 'out of memory',
  4: 'the function is not implemented',
  5: 'the device did not answer',
  6: 'the device can not be reached',
  7: "hamlib's internal error",
  8: 'the device answered nonsense',
  9: 'the device rejected the command',
  10: 'the value was cut short',
  11: 'the device does not have this function',
  12: 'the VFO can not be addressed',
  13: 'bus error',
  14: 'bus busy',
  15: 'invalid argument',
  16: 'invalid VFO',
  17: 'value out of range',
  18: 'the function is deprecated',
  19: 'not allowed',
  20: 'the device is switched off',
};

/** Numbers that say that a position or frequency is not possible. */
export const OUT_OF_RANGE: ReadonlySet<number> = new Set([-1, -15, -17]);

/** `RPRT -1` in words. */
export function rprtMeaning(number: number): string {
  return `${meanings[-number] ?? 'an unknown error'} (RPRT ${number})`;
}
