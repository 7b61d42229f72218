import { BlockList, isIP } from 'node:net';

import * as z from 'zod';

import { ConfigError } from './config-error';

/** An OpenID Connect provider by which people may sign in. */
export interface IdentityProviderConfig {
  /** As `URL` writes it: such as `https://id.example.org/`, or with the path that the provider has. */
  readonly issuer: string;
  readonly clientId: string;
  /** null: a public client, which PKCE alone protects. */
  readonly clientSecret: string | null;
  /** What it is called at the sign-in page. */
  readonly name: string;
  /** Whether whoever the provider lets in, and nobody here knows, becomes a member. */
  readonly createsUsers: boolean;
}

/** Names of a home network, as the contract's Host rule has them. */
const LOCAL_NAME = /^(localhost|[^.]+|.+\.(local|lan|home\.arpa|internal))$/;
const PRIVATE_NETWORKS: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['127.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['::1', 128, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
];
const privateAddresses = new BlockList();
for (const [network, prefix, family] of PRIVATE_NETWORKS)
  privateAddresses.addSubnet(network, prefix, family);

/** Codes and tokens go over it: without HTTPS only where nobody else's network lies in between. */
function isSafeIssuer(text: string): boolean {
  const { protocol, hostname, username, search, hash } = new URL(text);
  if (username !== '' || search !== '' || hash !== '') return false;
  if (protocol === 'https:') return true;
  const name = hostname.replace(/[[\]]/g, '');
  const version = isIP(name);
  if (version === 0) return LOCAL_NAME.test(name);
  return privateAddresses.check(name, version === 4 ? 'ipv4' : 'ipv6');
}

const ISSUER_TAKES =
  'an address such as https://id.example.org; http:// only of this machine or the home network';

export const identityProviderVariables = {
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/, error: ISSUER_TAKES, abort: true })
    .refine(isSafeIssuer, { error: ISSUER_TAKES })
    .optional(),
  OIDC_CLIENT_ID: z.string().max(1000).optional(),
  OIDC_CLIENT_SECRET: z.string().max(1000).optional(),
  OIDC_NAME: z
    .string()
    .trim()
    .min(1, 'a name of at most 60 characters')
    .max(60, 'a name of at most 60 characters')
    .default('your identity provider'),
  OIDC_CREATE_USERS: z.enum(['true', 'false'], { error: 'true or false' }).default('false'),
};

type Values = z.output<z.ZodObject<typeof identityProviderVariables>>;

/** @throws ConfigError when one of issuer and client is set without the other */
export function identityProviderOf(values: Values): IdentityProviderConfig | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = values;
  if (issuer !== undefined && clientId !== undefined)
    return {
      issuer: new URL(issuer).href,
      clientId,
      clientSecret: values.OIDC_CLIENT_SECRET ?? null,
      name: values.OIDC_NAME,
      createsUsers: values.OIDC_CREATE_USERS === 'true',
    };
  if (issuer === undefined && clientId === undefined) {
    if (values.OIDC_CLIENT_SECRET === undefined) return null;
    throw new ConfigError(
      'OIDC_CLIENT_SECRET is set, but OIDC_ISSUER is not; they take: both, or neither.',
    );
  }
  const [set, missing] =
    clientId === undefined ? ['OIDC_ISSUER', 'OIDC_CLIENT_ID'] : ['OIDC_CLIENT_ID', 'OIDC_ISSUER'];
  throw new ConfigError(`${set} is set, but ${missing} is not; they take: both, or neither.`);
}
