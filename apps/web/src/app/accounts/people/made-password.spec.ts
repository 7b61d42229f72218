import { newPasswordSchema } from '@homeserver/dto';

import { makePassword } from './made-password';

describe('makePassword', () => {
  it('should be four groups of letters that nobody mistakes when it is made', () => {
    const password = makePassword();

    expect(password).toMatch(/^([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/);
    expect(newPasswordSchema.safeParse(password).success).toBe(true);
  });

  it('should be another one each time when it is made again', () => {
    expect(new Set(Array.from({ length: 50 }, makePassword)).size).toBe(50);
  });
});
