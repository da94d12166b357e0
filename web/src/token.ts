import { signal } from '@preact/signals';

const key = 'downlinkd-operator-token';

/** The operator token, as long as this tab is open. */
export const token = signal<string | null>(sessionStorage.getItem(key));

/** Whether the station did not accept the token that was given last. */
export const refused = signal(false);

/** Set while the operator is asked for it; answers with what he gave. */
export const asking = signal<((given: string | null) => void) | null>(null);

export function askToken(): Promise<string | null> {
  return new Promise((resolve) => {
    asking.value = (given) => {
      asking.value = null;
      refused.value = false;
      if (given !== null) {
        token.value = given;
        sessionStorage.setItem(key, given);
      }
      resolve(given);
    };
  });
}

/** The station does not accept it: the next question says so. */
export function refuseToken(): void {
  refused.value = true;
  token.value = null;
  sessionStorage.removeItem(key);
}
