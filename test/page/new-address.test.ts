import { expect, test } from 'vitest';
import { newAddress } from '../../web/src/station/new-address.ts';

const at = new URL('http://shack:8480/#station');

test('a page at the port of the settings follows the station to the new one', () => {
  expect(newAddress({}, { api: { port: 8490 } }, at)).toEqual({ url: 'http://shack:8490/#station', followed: true });
  expect(newAddress({ api: { port: 8490 } }, {}, at)).toMatchObject({ url: at.href, followed: false });
  expect(newAddress({}, { api: { port: 8480 } }, at)).toBeNull();
});

test('behind another address, or with another host, the page only tells where the station will be', () => {
  const proxied = new URL('https://example.org/#station');
  expect(newAddress({}, { api: { port: 8490 } }, proxied)?.followed).toBe(false);
  expect(newAddress({}, { api: { port: 8490, host: '0.0.0.0' } }, at)?.followed).toBe(false);
});
