import { passwordWords } from './password-length';

describe('passwordWords', () => {
  it('should say how much is missing when a password is too short', () => {
    expect(passwordWords('12345678')).toBe('2 more characters.');
    expect(passwordWords('123456789')).toBe('1 more character.');
  });

  it('should say that it is long enough, or long, when it is', () => {
    expect(passwordWords('1234567890')).toMatch(/^Long enough/);
    expect(passwordWords('a boat with two oars')).toMatch(/^Long, /);
  });
});
