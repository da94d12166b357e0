import { test } from 'vitest';
import { passReachesClient } from './synthetic-pass.ts';

/**
 * A receiver that is too slow loses samples, as with any radio: a rate that a busy machine keeps up with, and of which the ring
 * between the threads takes some four seconds. The rate of a dongle is for test/system, where one test runs at a time.
 */
test('a pass from simulate --listen reaches a WebSocket client frame by frame, exactly once, also across a reconnect', () =>
  passReachesClient(270_000));
