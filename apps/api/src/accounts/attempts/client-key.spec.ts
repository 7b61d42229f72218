import { describe, expect, it } from '@jest/globals';

import { clientKey } from './client-key';

describe('clientKey', () => {
  it.each([
    ['192.168.1.23', '192.168.1.23'],
    ['::ffff:192.168.1.23', '192.168.1.23'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('should count %s as %s', (address, key) => {
    expect(clientKey(address)).toBe(key);
  });

  it('should count two addresses of one network as one client', () => {
    expect(clientKey('2001:db8:1:2::1')).toBe(clientKey('2001:db8:1:2:ffff::9'));
  });
});
