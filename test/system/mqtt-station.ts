/** Child of mosquitto.test.ts: a station that is connected and has nothing to deliver, until it is killed. */
import { makeCollector } from '../../daemon/forward/index.ts';
import { contextOf } from '../forward/collector-world.ts';

const usual = { id: 'test', enabled: true, satellites: null, except: [], start: 'now' } as const;
await makeCollector({ ...usual, type: 'mqtt', url: process.argv[2]! }, contextOf());
setInterval(() => {}, 1000);
