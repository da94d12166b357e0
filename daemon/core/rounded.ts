/** To so many digits behind the point, as a number: no more than is known, and no −0. */
export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits)) + 0;
}
