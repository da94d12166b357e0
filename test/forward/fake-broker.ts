import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import {
  generate,
  type IConnackPacket,
  type IConnectPacket,
  type IPublishPacket,
  type Packet,
  parser,
} from 'mqtt-packet';

export interface FakeBroker {
  readonly url: string;
  readonly connects: IConnectPacket[];
  /** In the order in which they came, the state of the station among them. */
  readonly published: IPublishPacket[];
  close(): Promise<void>;
}

export interface FakeBrokerAnswers {
  /** Default: welcome. */
  connack?(packet: IConnectPacket): Pick<IConnackPacket, 'returnCode'> & {
    /** The newest version of MQTT that it knows. */
    readonly knows?: 4 | 5;
  };
  /** Reason code of the acknowledgement, default 0; null: none comes. */
  puback?(packet: IPublishPacket): number | null;
  /** It acknowledges after a pause, and ends the connection when more than so many came without one. */
  readonly receiveMaximum?: number;
}

/** A broker with answers that no real one gives on demand. */
export async function fakeBroker({ connack, puback, receiveMaximum }: FakeBrokerAnswers): Promise<FakeBroker> {
  const connects: IConnectPacket[] = [];
  const published: IPublishPacket[] = [];
  const sockets = new Set<Socket>();
  const limits = receiveMaximum === undefined ? {} : { properties: { receiveMaximum } };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    // The parser learns the version from the CONNECT.
    const packets = parser({});
    let version = 4;
    socket.on('data', (data: Buffer) => packets.parse(data));
    const answer = (what: Packet) => socket.write(generate(what, { protocolVersion: version }));
    const waiting: Packet[] = [];
    const acknowledge = () => {
      for (const packet of waiting.splice(0)) answer(packet);
    };
    let pause: NodeJS.Timeout | undefined;
    packets.on('packet', (packet) => {
      if (packet.cmd === 'connect') {
        connects.push(packet);
        const { knows = 5, ...rest } = connack?.(packet) ?? {};
        version = Math.min(knows, packet.protocolVersion ?? 4);
        answer({ cmd: 'connack', reasonCode: 0, returnCode: 0, sessionPresent: false, ...limits, ...rest });
      } else if (packet.cmd === 'publish') {
        published.push(packet);
        const reasonCode = puback === undefined ? 0 : puback(packet);
        if (reasonCode === null) return;
        waiting.push({ cmd: 'puback', messageId: packet.messageId!, reasonCode });
        clearTimeout(pause);
        if (receiveMaximum === undefined) acknowledge();
        else if (waiting.length > receiveMaximum) answer({ cmd: 'disconnect', reasonCode: 147 });
        else pause = setTimeout(acknowledge, 50);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as { port: number };
  return {
    url: `mqtt://127.0.0.1:${address.port}`,
    connects,
    published,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
