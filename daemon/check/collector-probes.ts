import { statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { afterSilence, systemClock, systemTimers } from '../core/clock.ts';
import { StationError } from '../core/error.ts';
import { networkReason } from '../core/network-error.ts';
import { datedPath } from '../forward/dated-path.ts';
import { makeCollector } from '../forward/index.ts';
import { mqttPlan } from '../forward/mqtt.ts';
import { usualNetwork } from '../forward/satnogs-network.ts';
import { readSecret } from '../forward/secret.ts';
import { collectorStation } from '../open-forward.ts';
import type { CollectorSettings, Settings } from '../settings/settings.ts';
import { type Finding, probeDataFolder } from './probes.ts';

const answerWithinMs = 3000;
const usualPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'mqtt:': 1883, 'mqtts:': 8883 };
const natsPort = 4222;

/** Whether a collector's settings can work, and whether they leave it any frame. Nothing is sent to it. */
export async function probeCollector(collector: CollectorSettings, settings: Settings): Promise<Finding[]> {
  const { id, enabled, satellites } = collector;
  const finding = await probeProtocol(collector, settings);
  const getsNone = enabled && satellites !== null && satellites.length === 0;
  const message = "'satellites' is an empty list: it gets no frame. Leave 'satellites' out for all";
  return [finding, ...(getsNone ? [{ check: `collector ${id}`, state: 'warning' as const, message }] : [])];
}

/** Also whether somebody answers where it is. */
async function probeProtocol(collector: CollectorSettings, settings: Settings): Promise<Finding> {
  const check = `collector ${collector.id}`;
  if (!collector.enabled) return { check, state: 'ok', message: 'disabled, keeps its place' };
  if (collector.type === 'file') return { ...probeOutputFile(collector.path), check };
  // Nothing acknowledges a datagram.
  if (collector.type === 'udp')
    return { check, state: 'ok', message: `datagrams to ${collector.host}:${collector.port}, unacknowledged` };
  const problem = await settingsProblem(collector, settings);
  if (problem !== null) return { check, state: 'failed', message: problem };
  const [host, port] = addressOf(collector);
  const words = await unreachable(host, port);
  // The network may be away just now: frames wait for it.
  return words === null
    ? { check, state: 'ok', message: `${host}:${port} answers` }
    : { check, state: 'warning', message: `${host}:${port} does not answer: ${words}; frames wait until it does` };
}

/** The file of today, whose folder may still be to make. */
function probeOutputFile(template: string): Omit<Finding, 'check'> {
  const path = datedPath(template, new Date().toISOString());
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    return {
      state: 'failed',
      message: `${path} is a folder: 'path' names a file, such as ${join(path, 'frames.kss')}`,
    };
  const { state, message } = probeDataFolder(dirname(path));
  return { state, message };
}

/** What making it says: a secret that can't be read, a position that is missing. */
async function settingsProblem(collector: CollectorSettings, settings: Settings): Promise<string | null> {
  const who = { id: collector.id, ledgerId: 'check', ...collectorStation(settings) };
  try {
    // Making these would speak to the server: as the station, which may run already.
    if (collector.type === 'satnogs-network')
      readSecret({ value: collector.token, file: collector.tokenFile }, collector.id, 'token');
    else if (collector.type === 'mqtt') mqttPlan(collector, who);
    else {
      const context = { software: 'downlinkd', now: Date.now, log: { info() {}, warn() {} } };
      const made = await makeCollector(collector, { ...who, ...context });
      await made.close();
    }
    return null;
  } catch (error) {
    if (error instanceof StationError) return error.message.replace(`collector ${collector.id}: `, '');
    throw error;
  }
}

function addressOf(collector: Extract<CollectorSettings, { url?: string } | { servers: string[] }>): [string, number] {
  if (collector.type === 'nats') {
    const [host = '', port] = collector.servers[0]!.replace(/^.*:\/\//, '').split(':');
    return [host, port === undefined ? natsPort : Number(port)];
  }
  const { protocol, hostname, port } = new URL(collector.url ?? usualNetwork);
  return [hostname.replace(/^\[|\]$/g, ''), port === '' ? (usualPorts[protocol] ?? 443) : Number(port)];
}

/** Why nobody answers there; null: somebody does. */
function unreachable(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const cancel = afterSilence({ clock: systemClock, timers: systemTimers }, answerWithinMs, () =>
      finish('no answer'),
    );
    const finish = (words: string | null) => {
      cancel();
      socket.destroy();
      resolve(words);
    };
    socket.on('connect', () => finish(null));
    socket.on('error', (error) => finish(networkReason(error)));
  });
}
