import { suggestTags } from './tag-suggestions';

const known = [
  { tag: 'holiday', count: 30 },
  { tag: 'to print', count: 20 },
  { tag: 'Print', count: 5 },
  { tag: 'raw', count: 1 },
];

describe('suggestTags', () => {
  it('should put tags that begin so first when others only contain it', () => {
    expect(suggestTags(known, 'pri', []).map(({ tag }) => tag)).toEqual(['Print', 'to print']);
  });

  it('should leave out what is there already when it suggests', () => {
    expect(suggestTags(known, '', ['holiday']).map(({ tag }) => tag)).toEqual([
      'to print',
      'Print',
      'raw',
    ]);
  });
});
