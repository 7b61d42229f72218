import { newUserFaults } from './new-user-faults';

describe('newUserFaults', () => {
  it('should find none when user name and password are as they should be', () => {
    const user = { username: 'anna', role: 'member', password: 'a long phrase' } as const;

    expect(newUserFaults(user).size).toBe(0);
  });

  it('should say at each field what is wrong with it when both are', () => {
    const faults = newUserFaults({ username: '-', role: 'member', password: 'short' });

    expect(faults.get('#/username')).toMatch(/begins and ends with a letter/);
    expect(faults.get('#/password')).toBe('A password has at least 10 characters.');
  });
});
