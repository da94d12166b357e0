import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, listens } from './rotctld-dummy.ts';
import { endOf } from './station-process.ts';

/** The packages for `needPackages`. */
export const mosquittoPackages = ['mosquitto', 'mosquitto-clients'] as const;

export interface Broker {
  readonly port: number;
  signal(name: NodeJS.Signals): void;
  /** As a power cut. */
  kill(): Promise<void>;
}

/** Debian's mosquitto of its own on a free port, with lines added to its configuration. */
export async function startMosquitto(
  folder: string,
  config: readonly string[] = ['allow_anonymous true'],
  port?: number,
): Promise<Broker> {
  const at = port ?? (await freePort());
  const path = join(folder, `mosquitto-${at}.conf`);
  const user = process.getuid?.() === 0 ? ['user root'] : [];
  writeFileSync(path, [...user, `listener ${at} 127.0.0.1`, 'persistence false', ...config, ''].join('\n'));
  const child = spawn('/usr/sbin/mosquitto', ['-c', path], { stdio: 'ignore' });
  await once(child, 'spawn');
  await listens(child, at);
  return {
    port: at,
    signal: (name) => void child.kill(name),
    async kill() {
      child.kill('SIGKILL');
      await endOf(child);
    },
  };
}

export function writePasswords(path: string, user: string, password: string): void {
  execFileSync('mosquitto_passwd', ['-c', '-b', path, user, password], { stdio: 'ignore' });
}

export interface Message {
  readonly topic: string;
  readonly retained: boolean;
  readonly payload: Record<string, unknown>;
}

export interface Subscriber {
  readonly messages: readonly Message[];
  /** Waits for a message. */
  until(found: (message: Message) => boolean): Promise<Message>;
  stop(): Promise<void>;
}

/** mosquitto_sub on all topics; it connects again by itself. Ready when a message of its own has come back. */
export async function subscribe(broker: Broker, ...argv: readonly string[]): Promise<Subscriber> {
  const options = ['-p', String(broker.port), '-h', '127.0.0.1', ...argv];
  const child = spawn('mosquitto_sub', [...options, '-q', '1', '-t', '#', '-F', '%r %t %p'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const messages: Message[] = [];
  let rest = '';
  child.stdout.on('data', (data: Buffer) => {
    const lines = (rest + data).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const [, retained, topic, text] = /^([01]) (\S+) (.*)$/.exec(line)!;
      messages.push({ topic: topic!, retained: retained === '1', payload: JSON.parse(text!) });
    }
  });
  const subscriber: Subscriber = {
    messages,
    async until(found) {
      for (;;) {
        const message = messages.find(found);
        if (message !== undefined) return message;
        await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data');
      }
    },
    async stop() {
      child.kill('SIGKILL');
      await endOf(child);
    },
  };
  await isBack(broker, subscriber, ...argv);
  return subscriber;
}

let probes = 0;

/** Waits until a subscriber has (again) a connection to the broker. */
export async function isBack(broker: Broker, subscriber: Subscriber, ...argv: readonly string[]): Promise<void> {
  const probe = ++probes;
  for (;;) {
    const payload = JSON.stringify({ probe });
    const options = ['-p', String(broker.port), '-h', '127.0.0.1', ...argv, '-t', 'probe', '-m', payload];
    execFileSync('mosquitto_pub', options, { stdio: 'ignore' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (subscriber.messages.some((message) => message.payload['probe'] === probe)) return;
  }
}
