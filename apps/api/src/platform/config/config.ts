import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';

import { newPasswordSchema, usernameSchema } from '@homeserver/dto';
import * as z from 'zod';

import { ConfigError } from './config-error';
import { type ConfiguredDrive, DRIVES_SHAPE, parseDrives } from './drives.config';
import {
  type IdentityProviderConfig,
  identityProviderOf,
  identityProviderVariables,
} from './identity-provider.config';
import {
  type VirusScannerConfig,
  virusScannerOf,
  virusScannerVariables,
} from './virus-scanner.config';

export { ConfigError };

const commaSeparated = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

const httpUrl = z.url({ protocol: /^https?$/, error: 'a URL such as https://home.example.org' });

function originOf(url: string): string {
  return new URL(url).origin;
}

/** A decimal number; whatever is wrong with it, the answer is what is taken. */
function wholeNumber(least: number, most: number, error: string) {
  return z
    .string()
    .regex(/^\d+$/, { error })
    .transform(Number)
    .pipe(z.number().min(least, { error }).max(most, { error }));
}

/** What a schema of the contract takes, with the words of this file for what it does not. */
function fitting(schema: z.ZodType<string>, error: string) {
  return z
    .string()
    .refine((text) => schema.safeParse(text).success, { error })
    .transform((text) => schema.parse(text));
}

const NAMED_NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

/** What Express takes for a proxy: a name of its own, an address, or a network as `address/bits`. */
function isNetwork(text: string): boolean {
  if (NAMED_NETWORKS.includes(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return (
    bits === undefined || (/^[1-9]\d*$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
  );
}

const environmentSchema = z.object({
  PORT: wholeNumber(0, 65_535, 'a port, 0 to 65535').default(8000),
  HOST: z.string().min(1).default('0.0.0.0'),
  DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'a URL such as postgres://user:password@host:5432/homeserver',
    })
    .optional(),
  ADMIN_USERNAME: fitting(
    usernameSchema,
    'a user name: 1 to 32 letters a to z, digits, dots, hyphens, underscores',
  ).optional(),
  ADMIN_PASSWORD: fitting(newPasswordSchema, 'a password of 10 to 200 characters').optional(),
  DRIVES: z
    .string()
    .transform((text, context) => {
      const drives = parseDrives(text);
      if (drives !== null) return drives;
      context.addIssue({ code: 'custom', message: DRIVES_SHAPE });
      return z.NEVER;
    })
    .optional(),
  METRICS_INTERVAL_MS: wholeNumber(250, 3_600_000, 'milliseconds, 250 to 3600000').default(2000),
  PUBLIC_URL: httpUrl.transform(originOf).optional(),
  TRUST_PROXY: z
    .union(
      [
        z
          .string()
          .regex(/^\d{1,3}$/)
          .transform(Number),
        commaSeparated
          .refine((parts) => parts.every(isNetwork))
          .transform((parts) => parts.join(',')),
      ],
      { error: 'a number of proxies, their addresses separated by commas, or loopback' },
    )
    .optional(),
  CORS_ORIGINS: commaSeparated.pipe(z.array(httpUrl.transform(originOf))).optional(),
  ACCEL_REDIRECT: z
    .string()
    .regex(/^(?:\/[\w.-]+)+\/?$/, { error: 'a location prefix of the proxy, such as /accel/' })
    .transform((prefix) => (prefix.endsWith('/') ? prefix : `${prefix}/`))
    .optional(),
  SERVE_WEB_APP: z.enum(['true', 'false'], { error: 'true or false' }).default('true'),
  ...identityProviderVariables,
  ...virusScannerVariables,
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** Names of variables that hold secrets: each is also read from the file that `NAME_FILE` names. */
const SECRETS = ['DATABASE_URL', 'ADMIN_PASSWORD', 'OIDC_CLIENT_SECRET'] as const;

/** Part of the contract, but of no effect yet: said at the start instead of silently ignored. */
const NOT_YET = ['SMTP_URL'];

/** The token under which the configuration is injected. */
export const CONFIG = Symbol('CONFIG');

/** What the environment says, checked. Paths are absolute. */
export interface Config {
  /** Of HomeServer itself. */
  readonly version: string;
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  /** Where the built web app lies; null where a web server in front has it, and in tests that need none. */
  readonly webRoot: string | null;
  /** null: the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  /** Is made where there is no user yet; null: by the set-up page. */
  readonly firstAdministrator: { readonly username: string; readonly password: string } | null;
  /** Folders that are to be drives, beside those that people add. */
  readonly drives: readonly ConfiguredDrive[];
  readonly metricsIntervalMs: number;
  /** An origin, such as `https://home.example.org`. */
  readonly publicUrl: string | null;
  /** As Express's `trust proxy` takes it; null trusts nobody. */
  readonly trustProxy: string | number | null;
  /** Where people may sign in elsewhere; null: here alone. */
  readonly identityProvider: IdentityProviderConfig | null;
  /** Origins that may call us beside our own. */
  readonly corsOrigins: readonly string[];
  /** Where a proxy in front finds the drives, such as `/accel/`; null: every byte is sent by ourselves. */
  readonly accelRedirect: string | null;
  /** null: uploads are not scanned. */
  readonly virusScanner: VirusScannerConfig | null;
  readonly logLevel: string;
  /** Variables that are set and do nothing yet. */
  readonly withoutEffect: readonly string[];
}

/**
 * Reads the whole environment by one schema.
 * @param repositoryRoot what a relative DATA_DIR counts from
 * @throws ConfigError naming the variable, what it got and what it takes
 */
export function readConfig(environment: NodeJS.ProcessEnv, repositoryRoot: string): Config {
  const values = { ...dropEmpty(environment), ...readSecretFiles(environment) };
  const result = environmentSchema.safeParse(values);
  if (!result.success) {
    const issue = result.error.issues[0];
    const name = String(issue?.path[0]);
    const isSecret = SECRETS.some((secret) => secret === name);
    const got = isSecret ? 'a value that it cannot take' : `“${values[name] ?? ''}”`;
    throw new ConfigError(`${name} is ${got}; it takes: ${issue?.message ?? 'another value'}.`);
  }
  const checked = result.data;
  return {
    version: readVersion(repositoryRoot),
    port: checked.PORT,
    host: checked.HOST,
    dataDir: path.resolve(repositoryRoot, checked.DATA_DIR),
    webRoot:
      checked.SERVE_WEB_APP === 'true'
        ? path.join(repositoryRoot, 'dist', 'apps', 'web', 'browser')
        : null,
    databaseUrl: checked.DATABASE_URL ?? null,
    firstAdministrator: firstAdministratorOf(checked),
    drives: checked.DRIVES ?? [],
    metricsIntervalMs: checked.METRICS_INTERVAL_MS,
    publicUrl: checked.PUBLIC_URL ?? null,
    trustProxy: checked.TRUST_PROXY ?? null,
    identityProvider: identityProviderOf(checked),
    corsOrigins: checked.CORS_ORIGINS ?? [],
    accelRedirect: checked.ACCEL_REDIRECT ?? null,
    virusScanner: virusScannerOf(checked),
    logLevel: checked.LOG_LEVEL,
    withoutEffect: NOT_YET.filter((name) => (environment[name] ?? '') !== ''),
  };
}

/** @throws ConfigError when one is set without the other */
function firstAdministratorOf({
  ADMIN_USERNAME: username,
  ADMIN_PASSWORD: password,
}: z.output<typeof environmentSchema>): Config['firstAdministrator'] {
  if (username === undefined && password === undefined) return null;
  if (username !== undefined && password !== undefined) return { username, password };
  const [set, missing] =
    password === undefined
      ? ['ADMIN_USERNAME', 'ADMIN_PASSWORD']
      : ['ADMIN_PASSWORD', 'ADMIN_USERNAME'];
  throw new ConfigError(`${set} is set, but ${missing} is not; they take: both, or neither.`);
}

function readVersion(repositoryRoot: string): string {
  const text = readFileSync(path.join(repositoryRoot, 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

/** `NAME=` in a compose file means "not set". */
function dropEmpty(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

function readSecretFiles(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const secrets: NodeJS.ProcessEnv = {};
  for (const name of SECRETS) {
    const file = environment[`${name}_FILE`];
    if (file === undefined || file === '') continue;
    if (environment[name])
      throw new ConfigError(`${name} and ${name}_FILE are both set; keep one.`);
    secrets[name] = readSecret(`${name}_FILE`, file);
  }
  return secrets;
}

function readSecret(variable: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    // Absent, a folder, or not ours to read: for the person who starts the server it is the same.
    throw new ConfigError(`${variable} is “${file}”; it takes: a file that can be read.`);
  }
}
