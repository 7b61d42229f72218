import { createServer, type Server } from 'node:http';

import { afterEach, describe, expect, it } from '@jest/globals';

import { readZip } from '../../../test/zip-reader';
import type { ArchiveItem, FileItem } from './archive-item';
import { ArchiveSender } from './archive-sender.service';
import type { FilledRoom } from './small-rooms';
import { localHeaderLength } from './zip-records';

const TIME = new Date('2024-02-29T12:34:56Z');

describe('the sender of archives', () => {
  let server: Server | null = null;

  afterEach(async () => {
    await new Promise((resolve) => server?.close(resolve));
  });

  async function send(items: ArchiveItem[]): Promise<Buffer> {
    const sender = new ArchiveSender();
    async function* walk() {
      yield* items;
    }
    server = createServer((_, response) => void sender.send(walk(), response, (name) => name));
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The server has no port.');
    const answer = await fetch(`http://127.0.0.1:${address.port}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  const refused = (path: string): FileItem => ({
    kind: 'file',
    path,
    known: { size: 3, modifiedAt: TIME },
    open: async () => Promise.reject(new Error('EACCES')),
  });

  it('should send what was read of a group, give its room back once, and open what was not read', async () => {
    let released = 0;
    const first = localHeaderLength('ä.txt');
    const bytes = Buffer.alloc(200);
    bytes.write('one', first);
    bytes.write('three', first + 3 + localHeaderLength('c.txt'));
    const read = (start: number, size: number) => ({ start, size, crc32: 7, modifiedAt: TIME });
    const room: FilledRoom = {
      bytes,
      files: [read(first, 3), null, read(first + 3 + localHeaderLength('c.txt'), 5)],
      release: () => (released += 1),
    };
    const files = ['ä.txt', 'b.txt', 'c.txt'].map(refused);
    const archive = await send([
      { kind: 'group', files, reading: Promise.resolve(room) },
      { kind: 'group', files: [refused('d.txt')], reading: Promise.resolve(null) },
    ]);
    const texts = readZip(archive).map(({ name, content }) => [name, content.toString()]);

    expect(texts.slice(0, -1)).toEqual([
      ['ä.txt', 'one'],
      ['c.txt', 'three'],
    ]);
    expect(texts.at(-1)?.[1]).toMatch(/b\.txt[^]*d\.txt/);
    expect(released).toBe(1);
  });
});
