import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

import { describe, expect, it } from '@jest/globals';

import { ProxyTrust } from './proxy-trust';

interface Asked {
  readonly from?: string;
  readonly forwardedFor?: string;
  readonly forwardedProto?: string;
  readonly isTls?: boolean;
}

function request({ from = '192.168.1.7', forwardedFor, forwardedProto, isTls = false }: Asked) {
  const socket = isTls ? new TLSSocket(new Socket()) : new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: from });
  const message = new IncomingMessage(socket);
  if (forwardedFor !== undefined) message.headers['x-forwarded-for'] = forwardedFor;
  if (forwardedProto !== undefined) message.headers['x-forwarded-proto'] = forwardedProto;
  return message;
}

const addressOf = (trustProxy: string | number | null, asked: Asked) =>
  new ProxyTrust({ trustProxy }).addressOf(request(asked));

const protocolOf = (trustProxy: string | number | null, asked: Asked) =>
  new ProxyTrust({ trustProxy }).protocolOf(request(asked));

describe('ProxyTrust', () => {
  describe('addressOf', () => {
    it.each([
      ['nobody is trusted', null, '127.0.0.1', '127.0.0.1'],
      ['another proxy is trusted', '10.0.0.1', '192.168.1.7', '192.168.1.7'],
    ])('should ignore X-Forwarded-For when %s', (_when, trusted, from, address) => {
      expect(addressOf(trusted, { from, forwardedFor: '203.0.113.9' })).toBe(address);
    });

    it.each([
      ['loopback', '::1', '203.0.113.9', '203.0.113.9'],
      ['loopback', '::ffff:127.0.0.1', '203.0.113.9', '203.0.113.9'],
      ['10.0.0.0/8, loopback', '127.0.0.1', '198.51.100.1, 203.0.113.9, 10.1.1.1', '203.0.113.9'],
      [1, '172.17.0.2', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
      [2, '172.17.0.2', '198.51.100.1, 203.0.113.9', '198.51.100.1'],
    ])('should believe the proxy when %p is trusted (%s)', (trusted, from, told, address) => {
      expect(addressOf(trusted, { from, forwardedFor: told })).toBe(address);
    });

    it.each([
      ['::ffff:192.168.1.7', undefined, '192.168.1.7'],
      ['127.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
      ['127.0.0.1', '203.0.113.9:4711', '203.0.113.9'],
      ['127.0.0.1', '[2001:DB8::1]:4711', '2001:db8::1'],
      ['127.0.0.1', '2001:db8::1', '2001:db8::1'],
    ])('should write one client one way when it comes as %s, %s', (from, forwardedFor, address) => {
      expect(addressOf('loopback', { from, forwardedFor })).toBe(address);
    });

    it.each(['unknown', '_hidden', '1.2.3', '<script>', ' , ,'])(
      'should fall back to the proxy when it says “%s”',
      (forwardedFor) => {
        expect(addressOf(1, { from: '10.0.0.1', forwardedFor })).toBe('10.0.0.1');
      },
    );

    it('should be empty when the connection is gone', () => {
      const message = new IncomingMessage(new Socket());
      message.headers['x-forwarded-for'] = '203.0.113.9';

      expect(new ProxyTrust({ trustProxy: 1 }).addressOf(message)).toBe('');
    });
  });

  describe('protocolOf', () => {
    it.each([
      [null, { forwardedProto: 'https' }, 'http'],
      ['10.0.0.1', { forwardedProto: 'https' }, 'http'],
      ['10.0.0.1', { isTls: true, forwardedProto: 'http' }, 'https'],
      [1, { forwardedProto: 'https' }, 'https'],
      [1, { forwardedProto: 'HTTPS, http' }, 'https'],
      [1, { forwardedProto: 'wss' }, 'https'],
      [1, { forwardedProto: 'ws', isTls: true }, 'http'],
      [1, { isTls: true, forwardedProto: 'http' }, 'http'],
      [1, { isTls: true, forwardedProto: 'gopher' }, 'https'],
      [1, { forwardedProto: '' }, 'http'],
      [null, { isTls: true }, 'https'],
    ] as const)(
      'should tell the scheme when %p is trusted and it is %p',
      (trusted, asked, scheme) => {
        expect(protocolOf(trusted, asked)).toBe(scheme);
      },
    );
  });
});
