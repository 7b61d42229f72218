import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

import { describe, expect, it } from '@jest/globals';

import { BufferedAnswer } from './buffered-answer';

const MIB = 1024 * 1024;

describe('a buffered answer', () => {
  const answer = () => new BufferedAnswer(new ServerResponse(new IncomingMessage(new Socket())));

  it('should read in smaller pieces as long as others are under way', async () => {
    const one = answer();
    expect(await one.room()).toHaveLength(MIB);

    const other = answer();
    expect(await one.room()).toHaveLength(MIB / 2);
    expect(await other.room()).toHaveLength(MIB / 2);

    await other.release();
    expect(await one.room()).toHaveLength(MIB);
    await one.release();
  });

  it('should still have room when it has filled more than it may while others are under way', async () => {
    const one = answer();
    one.fill((await one.room()).length - 1);
    const other = answer();

    expect(await one.room()).toHaveLength(MIB / 2);
    await other.release();
  });
});
