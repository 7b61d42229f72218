import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { hostname } from 'node:os';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { DomainError } from './domain-error';
import { OriginPolicy } from './origin-policy';

interface Asked {
  readonly method?: string;
  readonly host?: string;
  readonly origin?: string;
  /** `Sec-Fetch-Site`, as browsers send it. */
  readonly site?: string;
}

const open = { publicUrl: null, corsOrigins: [] };

function request({ method = 'GET', host, origin, site }: Asked): IncomingMessage {
  const message = new IncomingMessage(new Socket());
  message.method = method;
  message.headers = { host, origin, 'sec-fetch-site': site };
  return message;
}

function codeOf(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof DomainError) return `${error.status} ${error.code}`;
    throw error;
  }
}

const hostCode = (host: string | undefined, publicUrl: string | null = null) =>
  codeOf(() => new OriginPolicy({ publicUrl, corsOrigins: [] }).checkHost(request({ host })));

const changeCode = (
  asked: Asked,
  config: { publicUrl: string | null; corsOrigins: readonly string[] } = open,
) =>
  codeOf(() =>
    new OriginPolicy(config).checkOriginOfChange(request({ method: 'POST', ...asked }), 'http'),
  );

describe('the Host rule', () => {
  it('should refuse a request with two hosts as one that cannot be read', () => {
    const message = request({ host: 'localhost' });
    message.headersDistinct = { host: ['localhost', 'evil.example'] };

    expect(codeOf(() => new OriginPolicy(open).checkHost(message))).toBe('400 http.malformed');
  });

  it.each([
    'localhost',
    'localhost:8000',
    'LOCALHOST:8000',
    '127.0.0.1',
    '192.168.1.20:8000',
    '[::1]:8000',
    '[fd00::1]',
    '[fe80::1:2]:65535',
    'homeserver',
    'homeserver:8000',
    'homeserver.local',
    'homeserver.lan:8000',
    'nas.home.arpa',
    'nas.corp.internal',
    'homeserver.local.:8000',
    'homeserver.',
    hostname(),
    hostname().toUpperCase(),
  ])('should answer under %s', (host) => {
    expect(hostCode(host)).toBeNull();
  });

  it.each([
    'example.org',
    'example.org:8000',
    'localhost.example.org',
    'lan.example.org',
    'homeserver.lan.example.org',
    '127.0.0.1.example.org',
    '1.2.3.4.5',
    '[::1',
    '::1',
    '[::1]x',
    'localhost:',
    'localhost:port',
    'localhost:123456',
    'user@localhost',
    'localhost/path',
    'local host',
    'http://localhost',
    '',
    undefined,
  ])('should refuse with 421 when the host is %s', (host) => {
    expect(hostCode(host)).toBe('421 access.unknown_host');
  });

  it('should answer under the name of PUBLIC_URL, with its port alone', () => {
    expect(hostCode('home.example.org', 'https://home.example.org')).toBeNull();
    expect(hostCode('home.example.org:8443', 'https://home.example.org:8443')).toBeNull();
    expect(hostCode('home.example.org:8443', 'https://home.example.org')).toBe(
      '421 access.unknown_host',
    );
    expect(hostCode('other.example.org', 'https://home.example.org')).toBe(
      '421 access.unknown_host',
    );
  });

  it('should refuse every name of the internet', () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/);
    fc.assert(
      fc.property(
        fc.array(label, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('com', 'org', 'de', 'net'),
        (labels, top) => {
          const name = [...labels, top].join('.');
          fc.pre(name !== hostname().toLowerCase());
          expect(hostCode(name)).toBe('421 access.unknown_host');
        },
      ),
    );
  });

  it('should answer under every IPv4 and IPv6 address', () => {
    const port = fc.option(fc.integer({ min: 0, max: 65535 }), { nil: null });
    const address = fc.oneof(
      fc.ipV4(),
      fc.ipV6().map((text) => `[${text}]`),
    );
    fc.assert(
      fc.property(address, port, (text, number) => {
        expect(hostCode(number === null ? text : `${text}:${number}`)).toBeNull();
      }),
    );
  });
});

describe('the Origin rule', () => {
  const host = '192.168.1.20:8000';
  const refused = '403 access.cross_site';

  it('should allow a change when no origin is sent', () => {
    expect(changeCode({ host })).toBeNull();
  });

  it.each(['cross-site', 'same-site'])(
    'should refuse a change without an origin when the browser says that it is %s',
    (site) => {
      expect(changeCode({ host, site })).toBe(refused);
      expect(changeCode({ method: 'GET', host, site })).toBeNull();
      expect(
        codeOf(() => new OriginPolicy(open).checkOrigin(request({ host, site }), 'http')),
      ).toBe(refused);
    },
  );

  it.each(['same-origin', 'none', ''])(
    'should allow a change without an origin when the browser says “%s”',
    (site) => {
      expect(changeCode({ host, site })).toBeNull();
    },
  );

  it('should allow the origins of CORS_ORIGINS though the browser calls them another site', () => {
    const config = { publicUrl: null, corsOrigins: ['https://app.example.org'] };

    expect(
      changeCode({ host, origin: 'https://app.example.org', site: 'cross-site' }, config),
    ).toBeNull();
  });

  it('should allow a change when the origin is ours', () => {
    expect(changeCode({ host, origin: `http://${host}` })).toBeNull();
  });

  it.each([
    'http://192.168.1.20',
    'http://192.168.1.20:8001',
    'https://192.168.1.20:8000',
    'http://evil.example.org',
    'http://192.168.1.20:8000.example.org',
    'null',
    '',
  ])('should refuse a change when the origin is “%s”', (origin) => {
    expect(changeCode({ host, origin })).toBe(refused);
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'POST', 'PROPFIND'])(
    'should refuse %s of a foreign page',
    (method) => {
      expect(changeCode({ method, host, origin: 'http://evil.example.org' })).toBe(refused);
    },
  );

  it.each(['GET', 'HEAD', 'OPTIONS'])(
    'should allow %s whatever its origin, since it changes nothing',
    (method) => {
      expect(changeCode({ method, host, origin: 'http://evil.example.org' })).toBeNull();
    },
  );

  it('should refuse a socket of a foreign page though it is opened by GET', () => {
    const policy = new OriginPolicy(open);

    expect(
      codeOf(() =>
        policy.checkOrigin(request({ host, origin: 'http://evil.example.org' }), 'http'),
      ),
    ).toBe(refused);
    expect(
      codeOf(() => policy.checkOrigin(request({ host, origin: `http://${host}` }), 'http')),
    ).toBeNull();
    expect(codeOf(() => policy.checkOrigin(request({ host }), 'http'))).toBeNull();
  });

  it('should allow the origins of CORS_ORIGINS and no other', () => {
    const config = { publicUrl: null, corsOrigins: ['https://app.example.org'] };

    expect(changeCode({ host, origin: 'https://app.example.org' }, config)).toBeNull();
    expect(changeCode({ host, origin: 'http://app.example.org' }, config)).toBe(refused);
    expect(changeCode({ host, origin: 'https://app.example.org.evil.org' }, config)).toBe(refused);
  });

  it('should allow PUBLIC_URL behind a proxy that ends TLS, under its own name only', () => {
    const config = { publicUrl: 'https://home.example.org', corsOrigins: [] };

    expect(
      changeCode({ host: 'home.example.org', origin: 'https://home.example.org' }, config),
    ).toBeNull();
    expect(changeCode({ host, origin: 'https://home.example.org' }, config)).toBe(refused);
  });
});

describe('the rule of use', () => {
  const useCode = (url: string, use: string) => {
    const message = request({});
    message.url = url;
    message.headers = { 'sec-fetch-dest': use };
    return codeOf(() => new OriginPolicy(open).checkUse(message));
  };

  it.each(['script', 'style', 'worker', 'serviceworker', 'iframe', 'object', 'embed', 'xslt'])(
    'should refuse what is stored when a page wants it as %s',
    (use) => {
      expect(useCode('/api/v1/files/1/download?inline=1', use)).toBe('403 access.not_embeddable');
      expect(useCode('/main-ABCD1234.js', use)).toBeNull();
    },
  );

  it.each(['document', 'empty', 'image', 'audio', 'video', 'track', ''])(
    'should allow it when it is wanted as “%s”',
    (use) => {
      expect(useCode('/api/v1/files/1/download?inline=1', use)).toBeNull();
    },
  );
});
