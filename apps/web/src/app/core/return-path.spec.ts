import { returnPath } from './return-path';

describe('returnPath', () => {
  it.each([
    ['/files?tag=holiday&tag=b#x', '/files?tag=holiday&tag=b#x'],
    ['/dashboard', '/dashboard'],
    ['/files/../users', '/users'],
  ])('should lead back to %s when it is a page of ours', (wanted, path) => {
    expect(returnPath(wanted)).toBe(path);
  });

  it.each([
    'https://evil.example',
    '//evil.example/files',
    String.raw`/\evil.example`,
    String.raw`\\evil.example`,
    '/\t/evil.example',
    '/.//evil.example',
    'javascript:alert(1)',
    'files',
    '',
    undefined,
    ['/files'],
  ])('should lead to the first page when %j is no path of ours', (wanted) => {
    expect(returnPath(wanted)).toBe('/');
  });

  it.each(['/sign-in', '/sign-in?returnTo=/files', '/setup', '/api/v1/files', '/docs', '/health'])(
    'should lead to the first page when %s is not to be returned to',
    (wanted) => {
      expect(returnPath(wanted)).toBe('/');
    },
  );
});
