import { recoveryCodesText } from './recovery-codes-text';

describe('recoveryCodesText', () => {
  it('should say whose codes they are and where, one code a line, when they are kept', () => {
    const text = recoveryCodesText(['7f3k-q9xd-2m4t', 'h8wz-c5rn-6p1v'], 'anna', 'nas.lan:8000');

    expect(text.split('\n').slice(0, 4)).toEqual([
      'Recovery codes of anna for HomeServer at nas.lan:8000',
      '',
      '7f3k-q9xd-2m4t',
      'h8wz-c5rn-6p1v',
    ]);
  });
});
