import { dayOf, expiryOf, scopesFor } from './token-choices';

const NOW = new Date(2026, 7, 14, 19, 42, 30);

describe('expiryOf', () => {
  it('should count whole days from now when a number of days is chosen', () => {
    expect(expiryOf('30', '', NOW)).toBe(new Date(NOW.getTime() + 30 * 86_400_000).toISOString());
  });

  it('should name no time when it is never to end', () => {
    expect(expiryOf('never', '', NOW)).toBeUndefined();
  });

  it('should end with the day here when a day is chosen, today included', () => {
    expect(expiryOf('date', '2026-08-20', NOW)).toBe(
      new Date(2026, 7, 20, 23, 59, 59).toISOString(),
    );
    expect(expiryOf('date', '2026-08-14', NOW)).not.toBeNull();
  });

  it.each(['', '2026-08-13', '2026-13-45'])('should refuse when the day is “%s”', (day) => {
    expect(expiryOf('date', day, NOW)).toBeNull();
  });
});

describe('scopesFor', () => {
  it('should offer no more than the role has when a guest makes a token', () => {
    expect(scopesFor('guest')).toEqual(['files:read', 'files:write', 'events:read']);
    expect(scopesFor('member')).not.toContain('admin');
  });
});

describe('dayOf', () => {
  it('should write the day of this place when it is asked for', () => {
    expect(dayOf(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05');
  });
});
