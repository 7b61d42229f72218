import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';

import { readWhileSmall } from './while-small';

const MOST = 8;

describe('readWhileSmall', () => {
  it('should return all that came when it is no more than that', async () => {
    const stream = new PassThrough();
    stream.write('four');
    stream.end('more');

    expect(Buffer.concat((await readWhileSmall(stream, MOST)) ?? []).toString()).toBe('fourmore');
  });

  it('should return nothing of an empty stream', async () => {
    expect(await readWhileSmall(new PassThrough().end(), MOST)).toEqual([]);
  });

  it.each([
    ['one piece', ['nine long']],
    ['many', ['four', 'more', '!']],
  ])('should leave all of it to be read when more came in %s', async (_, pieces) => {
    const stream = new PassThrough();
    for (const piece of pieces) stream.write(piece);
    stream.end();

    expect(await readWhileSmall(stream, MOST)).toBeNull();
    // Its end comes while nobody reads.
    await turn();
    expect((await buffer(stream)).toString()).toBe(pieces.join(''));
  });

  it.each(['before it is read', 'while it is read'])(
    'should fail when it fails %s',
    async (when) => {
      const stream = new PassThrough();
      stream.on('error', () => undefined);
      stream.write('half');
      const fail = () => stream.destroy(new Error('cut off'));
      if (when.startsWith('before')) fail();
      await turn();
      const read = readWhileSmall(stream, MOST);
      fail();

      await expect(read).rejects.toThrow('cut off');
    },
  );

  it('should fail when it is closed before its end', async () => {
    const stream = new PassThrough();
    const read = readWhileSmall(stream, MOST);
    stream.destroy();

    await expect(read).rejects.toThrow('closed before its end');
  });

  it('should tell of a failure to whoever reads on when it comes in between', async () => {
    const stream = new PassThrough();
    stream.write('nine long');
    await readWhileSmall(stream, MOST);
    stream.destroy(new Error('cut off'));
    await turn();

    await expect(buffer(stream)).rejects.toThrow();
  });
});
