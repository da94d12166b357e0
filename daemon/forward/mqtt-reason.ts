import { networkReason } from '../core/network-error.ts';
import type { Outcome } from './collector.ts';

/** Reason codes of MQTT 5 (2.4) and return codes of MQTT 3.1.1 (3.2.2.3), as far as they can come to a publisher. */
const words: Readonly<Record<number, string>> = {
  1: 'the broker does not know this version of MQTT',
  2: 'the broker does not take the client_id',
  3: 'the broker is not available',
  4: 'the broker does not take the user name or password',
  5: 'the broker does not take the user name or password, or does not let this user in',
  128: 'the broker gave no reason',
  129: 'the broker found a packet malformed',
  130: 'the broker found an error of protocol',
  131: 'the broker has a reason of its own',
  132: 'the broker does not know this version of MQTT',
  133: 'the broker does not take the client_id',
  134: 'the broker does not take the user name or password',
  135: 'the broker does not permit it to this user',
  136: 'the broker is not available',
  137: 'the broker is busy',
  138: 'the broker has banned this client',
  139: 'the broker shuts down',
  141: 'the broker heard nothing for too long',
  142: 'another client came with the same client_id',
  144: 'the broker does not take the topic',
  147: 'the broker got more at once than it wants',
  149: 'the packet is too large for the broker',
  150: 'the broker got too much in too short a time',
  151: 'a quota of the broker is used up',
  152: 'somebody closed the connection at the broker',
  153: 'the broker found the payload invalid',
  154: 'the broker retains no messages',
  155: 'the broker does not know QoS 1',
  156: 'the broker wants another server to be used',
  157: 'the broker has moved',
  159: 'the broker got too many connections in too short a time',
  160: 'the broker has ended the connection after its longest time',
};

const unspecified = 128;
const brokersOwn = 131;
const payloadInvalid = 153;
const notAuthorised = 135;

/** The broker's answer was no. */
export class MqttRefusal extends Error {
  override readonly name = 'MqttRefusal';
  /** Of MQTT 5, or the return code of MQTT 3.1.1. */
  readonly reasonCode: number;

  constructor(reasonCode: number, message = words[reasonCode] ?? `the broker says no (reason code ${reasonCode})`) {
    super(message);
    this.reasonCode = reasonCode;
  }
}

/** Why a connection was not had. Not to be permitted means something else here than for one message. */
export function refusedConnection(error: unknown): Error {
  const known = mqttError(error);
  return known instanceof MqttRefusal && known.reasonCode === notAuthorised
    ? new MqttRefusal(notAuthorised, words[5])
    : known;
}

/** Errors of the library: a number for a code is the broker's. */
export function mqttError(error: unknown): Error {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'number') return new MqttRefusal(code);
  return error instanceof Error ? error : new Error(String(error));
}

/** What became of a frame that was not acknowledged. Only what is wrong with the frame for ever is final. */
export function mqttOutcome(error: unknown, what: string): Outcome {
  const reason = `${what}: ${networkReason(error)}`;
  const code = error instanceof MqttRefusal ? error.reasonCode : null;
  if (code === payloadInvalid) return { kind: 'refused', reason };
  return { kind: 'later', scope: code === unspecified || code === brokersOwn ? 'frame' : 'collector', reason };
}
