import { describe, expect, it } from '@jest/globals';

import { contentTypeOf } from './content-type';

const PNG = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489',
  'hex',
);

describe('contentTypeOf', () => {
  it('should believe the bytes when they show a type', async () => {
    expect(await contentTypeOf(PNG, 'picture.txt')).toBe('image/png');
    expect(await contentTypeOf(Buffer.from('%PDF-1.7\n'), 'noname')).toBe('application/pdf');
  });

  it('should not believe a name when its type would show in the bytes', async () => {
    expect(await contentTypeOf(Buffer.from([1, 2, 3, 4]), 'picture.png')).toBe(
      'application/octet-stream',
    );
    expect(await contentTypeOf(Buffer.from('<script>alert(1)</script>'), 'picture.png')).toBe(
      'text/plain',
    );
  });

  it('should go by the name when the bytes show nothing', async () => {
    expect(await contentTypeOf(Buffer.from('# Title\n'), 'notes.md')).toBe('text/markdown');
    expect(await contentTypeOf(Buffer.from('a,b\n'), 'table.csv')).toBe('text/csv');
    expect(await contentTypeOf(Buffer.alloc(0), 'empty.txt')).toBe('text/plain');
  });

  it('should tell text from other bytes when there is no telling name', async () => {
    expect(await contentTypeOf(Buffer.from('Grüße aus Köln'), 'README')).toBe('text/plain');
    expect(await contentTypeOf(Buffer.from([0, 255, 3, 9]), 'blob')).toBe(
      'application/octet-stream',
    );
  });

  it('should tell the kind of archive by the name when the bytes show an archive', async () => {
    const zip = Buffer.concat([Buffer.from('504b0304140000000000', 'hex'), Buffer.alloc(40)]);
    expect(await contentTypeOf(zip, 'a.zip')).toBe('application/zip');
    expect(await contentTypeOf(zip, 'a.jar')).toBe('application/java-archive');
    expect(await contentTypeOf(zip, 'a.png')).toBe('application/zip');
  });
});
