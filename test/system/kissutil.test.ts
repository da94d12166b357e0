/** The KISS server against direwolf's client. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { beforeAll, expect, test } from 'vitest';
import { benchApi } from '../api/bench.ts';
import { needPackages } from './debian.ts';
import { endOf } from './station-process.ts';

beforeAll(() => needPackages(['direwolf']));

function ax25Frame(text: string): string {
  const address = (callsign: string, ssid: number) => [...Buffer.from(callsign.padEnd(6)).map((c) => c << 1), ssid];
  return Buffer.from([...address('TEST', 0x60), ...address('SIMSAT', 0x61), 0x03, 0xf0, ...Buffer.from(text)]).toString(
    'hex',
  );
}

test('kissutil prints every packet in order, also those with bytes that KISS escapes', async () => {
  const { api, ledger } = await benchApi({ kiss: { host: '127.0.0.1', port: 0, timestamps: false } });
  await api.listen(0);
  const kissutil = spawn('kissutil', ['-h', '127.0.0.1', '-p', String(api.kissPort)]);
  try {
    let said = '';
    kissutil.stdout.setEncoding('latin1').on('data', (data) => (said += data));
    const clients = async () => (await api.app.inject('/api/status')).json().stream_clients;
    while ((await clients()) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const texts = Array.from({ length: 50 }, (_, k) => `packet ${k + 1}`);
    for (const text of texts) {
      api.announce(ledger.add(1, 1, () => ({ frame: ax25Frame(text) })));
      if (text.endsWith('5')) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    api.announce(ledger.add(1, 1, () => ({ frame: `${ax25Frame('escaped ')}c0db` })));
    while (!/escaped .*\n/.test(said)) await once(kissutil.stdout, 'data');
    const packets = [...said.matchAll(/SIMSAT>TEST:(.*)$/gm)].map(([, text]) => text);
    expect(packets.slice(0, -1)).toEqual(texts);
    expect(said.match(/SIMSAT>TEST/g)).toHaveLength(51);
    expect(packets.at(-1)).toBe('escaped \xc0\xdb');
  } finally {
    kissutil.kill();
    await endOf(kissutil);
    await api.close();
  }
});
