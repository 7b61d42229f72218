import { describe, expect, it } from '@jest/globals';

import { isGuessable } from './guessable';

describe('isGuessable', () => {
  it.each([
    'password123',
    'P@ssw0rd2024!',
    'passwordpassword',
    'qwertyuiop',
    'qwerty123456',
    '1234567890',
    '9876543210',
    'aaaaaaaaaaaa',
    'abababababab',
    'iloveyou!!',
    'annaanna2024',
    'Homeserver1',
    'abcdefghij',
    'letmein12345',
  ])('should say so when it is %s', (password) => {
    expect(isGuessable(password, 'anna')).toBe(true);
  });

  it.each([
    'correct horse battery',
    'the tide was high at nine',
    'kX9#mQ2vLp',
    'anna likes grey cats',
    'my password is long enough',
    'Straßenbahn Nr. 7',
    'ключ от сарая',
  ])('should let pass %s', (password) => {
    expect(isGuessable(password, 'anna')).toBe(false);
  });
});
