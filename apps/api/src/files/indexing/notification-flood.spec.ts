import { setImmediate as nextTurn } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';

import { NotificationFlood } from './notification-flood';

describe('a flood of notifications', () => {
  it('should be told once when nearly as many come in one turn as the system keeps', async () => {
    let told = 0;
    const flood = new NotificationFlood(100, () => (told += 1));
    for (let count = 0; count < 90; count += 1) flood.add();
    await nextTurn();

    expect(told).toBe(1);
  });

  it('should not be told when as many come in many turns', async () => {
    let told = 0;
    const flood = new NotificationFlood(100, () => (told += 1));
    for (let turn = 0; turn < 5; turn += 1) {
      for (let count = 0; count < 50; count += 1) flood.add();
      await nextTurn();
    }

    expect(told).toBe(0);
  });
});
