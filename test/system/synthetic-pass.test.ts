import { test } from 'vitest';
import { passReachesClient } from '../daemon/synthetic-pass.ts';

test('a pass at 2.4 MS/s over TCP reaches a WebSocket client frame by frame, exactly once', () =>
  passReachesClient(2_400_000));
