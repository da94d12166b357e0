import { signal } from '@preact/signals';

const key = 'downlinkd-operator-token';

/** The operator token, as long as this tab is open. */
export const token = signal<string | null>(sessionStorage.getItem(key));

/** Set while the operator is asked for it; answers with what he gave. */
export const asking = signal<((given: string | null) => void) | null>(null);

export function askToken(): Promise<string | null> {
  return new Promise((resolve) => {
    asking.value = (given) => {
      asking.value = null;
      if (given !== null) {
        token.value = given;
        sessionStorage.setItem(key, given);
      }
      resolve(given);
    };
  });
}

export function forgetToken(): void {
  token.value = null;
  sessionStorage.removeItem(key);
}
