import { sampleFile } from '../testing/sample-file';
import { groupFailures } from './failure-groups';

describe('groupFailures', () => {
  it('should put entries with one reason together, the most frequent reason first', () => {
    const failure = (name: string, detail: string) => ({
      item: sampleFile(name),
      problem: { title: '', detail, code: 'x', requestId: `request of ${name}` },
    });
    const failures = [failure('a', 'Busy.'), failure('b', 'Full.'), failure('c', 'Full.')];
    expect(groupFailures(failures)).toEqual([
      { reason: 'Full.', filenames: ['b', 'c'], requestId: 'request of b' },
      { reason: 'Busy.', filenames: ['a'], requestId: 'request of a' },
    ]);
  });
});
