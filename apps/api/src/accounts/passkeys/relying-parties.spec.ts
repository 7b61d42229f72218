import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import { describe, expect, it } from '@jest/globals';

import { RelyingParties } from './relying-parties';

function requestTo(host: string): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  request.headers.host = host;
  return request;
}

describe('RelyingParties', () => {
  it.each(['localhost', 'localhost:8000', 'localhost:4200'])(
    'should have passkeys at %s whatever PUBLIC_URL is',
    (host) => {
      for (const publicUrl of [null, 'http://home.lan', 'https://home.example.org'])
        expect(new RelyingParties({ publicUrl }).for(requestTo(host))).toEqual({
          id: 'localhost',
          origins: [`http://${host}`, `https://${host}`],
        });
    },
  );

  it('should have passkeys at PUBLIC_URL when that is HTTPS', () => {
    const parties = new RelyingParties({ publicUrl: 'https://home.example.org:8443' });

    expect(parties.for(requestTo('home.example.org:8443'))).toEqual({
      id: 'home.example.org',
      origins: ['https://home.example.org:8443'],
    });
  });

  it.each([
    ['there is no PUBLIC_URL', null, 'homeserver.lan', /set PUBLIC_URL/],
    ['PUBLIC_URL is plain HTTP', 'http://homeserver.lan', 'homeserver.lan', /need HTTPS/],
    [
      'another name was opened',
      'https://home.example.org',
      'homeserver.lan',
      /https:\/\/home\.example\.org only/,
    ],
    [
      'another port was opened',
      'https://home.example.org',
      'home.example.org:81',
      /open that address/,
    ],
    ['PUBLIC_URL is an IPv4 address', 'https://192.168.1.5', '192.168.1.5', /need a name/],
    ['PUBLIC_URL is an IPv6 address', 'https://[fd00::5]', '[fd00::5]', /need a name/],
    ['a name only begins like localhost', null, 'localhost.example.org', /set PUBLIC_URL/],
  ])('should say why there are none when %s', (_case, publicUrl, host, reason) => {
    const parties = new RelyingParties({ publicUrl });

    expect(parties.availabilityFor(requestTo(host))).toEqual({
      available: false,
      reason: expect.stringMatching(reason),
    });
    expect(() => parties.for(requestTo(host))).toThrow(
      expect.objectContaining({ status: 409, code: 'accounts.passkeys_unavailable' }),
    );
  });
});
