import { hasPicture, iconOf, kindInWords } from './entry-kind';

describe('iconOf and kindInWords', () => {
  it.each([
    ['application/pdf', 'document', 'PDF document'],
    ['text/plain; charset=utf-8', 'document', 'Plain text'],
    ['video/quicktime', 'video', 'Film'],
    ['application/octet-stream', 'file', 'File'],
    ['application/x-unheard-of', 'file', 'application/x-unheard-of'],
    [null, 'file', 'File'],
  ])('should know a file when its type is %s', (contentType, icon, words) => {
    const entry = { kind: 'file' as const, contentType };
    expect(iconOf(entry)).toBe(icon);
    expect(kindInWords(entry)).toBe(words);
  });

  it('should know a folder when it has no type', () => {
    expect(iconOf({ kind: 'folder', contentType: null })).toBe('folder');
  });
});

describe('a corrupted file', () => {
  it('should warn by its icon, and still be of its kind', () => {
    const entry = { kind: 'file' as const, contentType: 'application/pdf' };
    const corrupted = { ...entry, corruptedAt: '2026-08-15T03:12:40.000Z' };
    expect(iconOf(corrupted)).toBe('warning');
    expect(iconOf({ ...entry, corruptedAt: null })).toBe('document');
    expect(kindInWords(corrupted)).toBe('PDF document');
  });
});

describe('hasPicture', () => {
  const picture = { kind: 'file' as const, contentType: 'image/jpeg', size: 3_100_000 };

  it('should be true when a browser shows the type', () => {
    expect(hasPicture(picture)).toBe(true);
  });

  it('should be false when the type is unknown to browsers, or the file is empty or huge', () => {
    expect(hasPicture({ ...picture, contentType: 'image/heic' })).toBe(false);
    expect(hasPicture({ ...picture, size: 0 })).toBe(false);
    expect(hasPicture({ ...picture, size: 26_000_000 })).toBe(false);
  });
});
