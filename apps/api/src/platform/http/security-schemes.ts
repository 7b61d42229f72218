import type { AccessRule } from '../access/access.decorator';

const SESSION = {
  description:
    'The cookie `homeserver_session` of a browser; over HTTPS it is named `__Host-homeserver_session`.',
  in: 'cookie',
  name: 'homeserver_session',
} as const;

const TOKEN = {
  description: 'The header `Authorization: Bearer hs_…` of a program.',
  type: 'http',
  scheme: 'bearer',
} as const;

/** How a caller says who it is, for the OpenAPI document. */
export const OPENAPI_SECURITY_SCHEMES = {
  session: { type: 'apiKey', ...SESSION },
  token: TOKEN,
} as const;

/** The same for the AsyncAPI document, which has a type of its own for keys that travel over HTTP. */
export const ASYNCAPI_SECURITY_SCHEMES = {
  session: { type: 'httpApiKey', ...SESSION },
  token: TOKEN,
} as const;

/** What a route asks of its caller, as OpenAPI says it: one of these suffices. */
export function securityOf(access: AccessRule): Record<string, string[]>[] {
  if (access === 'public') return [];
  if (access === 'session') return [{ session: [] }];
  const scopes = access === 'actor' ? [] : [access];
  return [{ session: scopes }, { token: scopes }];
}
