import type { Claim } from '@homeserver/dto';

import { claimInWords } from './claim-words';

const NOW = new Date(2026, 10, 14, 12);
const claim: Claim = {
  id: '1',
  filename: 'IMG_1.jpg',
  path: 'Photos/2019/IMG_1.jpg',
  size: 1,
  modifiedAt: '2019-08-14T10:00:00.000Z',
  missingSince: new Date(2026, 10, 3, 9).toISOString(),
  tags: ['a', 'b'],
  reason: 'name',
};

describe('claimInWords', () => {
  it.each([
    [{}, 'This may be “IMG_1.jpg”, gone from Photos/2019 since 3 Nov, with the tags a, b.'],
    [
      { path: 'IMG_1.jpg', tags: ['a'] },
      'This may be “IMG_1.jpg”, gone from the top of the drive since 3 Nov, with the tag a.',
    ],
    [{ tags: [] }, 'This may be “IMG_1.jpg”, gone from Photos/2019 since 3 Nov.'],
    [
      { tags: ['1', '2', '3', '4', '5', '6', '7'] },
      'This may be “IMG_1.jpg”, gone from Photos/2019 since 3 Nov, with the tags 1, 2, 3, 4, 5 and 2 more.',
    ],
  ])('should say where it was, since when, and its tags when it is %j', (changes, words) => {
    expect(claimInWords({ ...claim, ...changes }, NOW)).toBe(words);
  });
});
