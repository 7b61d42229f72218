import { describe, expect, it } from '@jest/globals';

import { foldName } from './folded-name';

describe('foldName', () => {
  it.each([
    ['IMG_0001.JPG', 'img_0001.jpg'],
    ['Café.pdf', 'cafe.pdf'],
    ['Cafe\u0301.pdf', 'cafe.pdf'],
    ['ÄÖÜ ÇİŞ', 'aou cis'],
    ['ПРИВЕТ', 'привет'],
    ['ΣΊΣΥΦΟΣ', foldName('σίσυφος')],
    ['Ａｌｂｕｍ', 'album'],
    ['ガイド', 'ガイド'],
    ['\u30ab\u3099イド', 'ガイド'],
    ['한국어', '한국어'],
    ['कि', 'कि'],
    ['📷 Oma', '📷 oma'],
  ])('should fold “%s” to “%s”', (name, folded) => {
    expect(foldName(name)).toBe(folded);
  });

  it('should keep apart what differs in more than accents', () => {
    expect(foldName('कि')).not.toBe(foldName('का'));
    expect(foldName('ガ')).not.toBe(foldName('カ'));
  });
});
