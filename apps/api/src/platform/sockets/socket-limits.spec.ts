import { describe, expect, it } from '@jest/globals';

import { DomainError } from '../http/domain-error';
import { SocketCount } from './socket-limits';

function refusalOf(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof DomainError)
      return `${error.status} ${error.code} ${error.retryAfterSeconds}`;
    throw error;
  }
}

describe('SocketCount', () => {
  it('should refuse one client when it has all that one may have, and no other', () => {
    const count = new SocketCount({ inAll: 10, perClient: 2 });
    count.take('192.168.1.7');
    count.take('192.168.1.7');

    expect(refusalOf(() => count.take('192.168.1.7'))).toBe('429 sockets.too_many 60');
    expect(refusalOf(() => count.take('192.168.1.8'))).toBeNull();
  });

  it('should refuse everybody when all are taken', () => {
    const count = new SocketCount({ inAll: 2, perClient: 2 });
    count.take('192.168.1.7');
    count.take('192.168.1.8');

    expect(refusalOf(() => count.take('192.168.1.9'))).toBe('503 sockets.full 60');
  });

  it('should let others in when some have ended', () => {
    const count = new SocketCount({ inAll: 2, perClient: 1 });
    const first = count.take('192.168.1.7');
    count.take('192.168.1.8');
    first();

    expect(refusalOf(() => count.take('192.168.1.7'))).toBeNull();
    expect(refusalOf(() => count.take('192.168.1.7'))).toBe('429 sockets.too_many 60');
  });

  it('should count nothing for what it refused', () => {
    const count = new SocketCount({ inAll: 2, perClient: 1 });
    const first = count.take('192.168.1.7');
    refusalOf(() => count.take('192.168.1.7'));
    first();

    count.take('192.168.1.7');
    expect(refusalOf(() => count.take('192.168.1.8'))).toBeNull();
  });
});
