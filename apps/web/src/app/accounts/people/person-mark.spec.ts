import { initialsOf } from './person-mark';

describe('initialsOf', () => {
  it.each([
    ['Anna', 'A'],
    ['Anna Maria Meier', 'AM'],
    ['anna.meier', 'AM'],
    ['  ', ''],
    ['élodie du pont', 'ÉP'],
    ['😀 Smile', '😀S'],
  ])('should take the first letters of the outer words when the name is “%s”', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});
