import {
  applyDecorators,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SerializeOptions,
} from '@nestjs/common';
import { ApiConsumes, ApiExtension, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { StandardSchemaV1 } from '@standard-schema/spec';

import { Access, type AccessRule, Public } from '../access/access.decorator';
import { TakesBytes, TakesForm } from './request-body.interceptor';
import { eitherSchema } from './either-schema';
import { securityOf } from './security-schemes';

/** The codes that every call may answer, by status. */
const COMMON_PROBLEMS: Record<number, readonly string[]> = {
  400: ['http.malformed'],
  403: ['access.cross_site', 'access.not_embeddable', 'access.denied'],
  408: ['http.too_slow'],
  413: ['http.too_large'],
  415: ['http.unsupported_media_type'],
  421: ['access.unknown_host'],
  422: ['http.invalid_input'],
  431: ['http.too_many_headers'],
  500: ['http.internal_error'],
  503: ['database.unavailable'],
};

export interface EndpointOptions {
  readonly summary: string;
  readonly description?: string;
  readonly access: AccessRule;
  /** The shape of the answer; null where there is none, or where it is not JSON (then say so by `produces`). */
  readonly response: StandardSchemaV1 | null;
  readonly produces?: string;
  /** Of a route whose body is a form, or bytes as they are, which it reads itself; JSON where absent. */
  readonly consumes?: 'multipart/form-data' | 'application/offset+octet-stream';
  /** 200 where absent. */
  readonly status?: number;
  /** What answers with 202 where the work goes on in the background. */
  readonly accepted?: StandardSchemaV1;
  /** More answers than the one of `status`, such as 206 and 304. */
  readonly otherResponses?: Readonly<Record<number, string>>;
  /** The codes of the problems that this call may answer, by status, beside those that every call has. */
  readonly problems?: Readonly<Record<number, readonly string[]>>;
}

/** Everything that a route declares, in one place: what it is, who may, what it answers and how it can fail. */
function endpoint(method: RequestMethod, path: string, options: EndpointOptions): MethodDecorator {
  const { access, response, consumes, accepted, status = 200, otherResponses = {} } = options;
  return applyDecorators(
    RequestMapping({ method, path }),
    HttpCode(status),
    access === 'public' ? Public() : Access(access),
    ...(response === null
      ? []
      : [SerializeOptions({ schema: accepted ? eitherSchema(response, accepted) : response })]),
    ...describe(options),
    ...(consumes === undefined
      ? []
      : [consumes === 'multipart/form-data' ? TakesForm() : TakesBytes(), ApiConsumes(consumes)]),
    ...answersOf(options),
    ...problemResponses(problemsOf(options), Object.keys(otherResponses).map(Number)),
  );
}

function answersOf(options: EndpointOptions): MethodDecorator[] {
  const { summary, response, produces, accepted, status = 200, otherResponses = {} } = options;
  const content =
    produces === undefined
      ? {}
      : { content: { [produces]: { schema: { type: 'string' as const, format: 'binary' } } } };
  return [
    ApiResponse({
      status,
      description: summary,
      ...(response === null ? content : { standardSchema: response }),
    }),
    ...(accepted === undefined
      ? []
      : [ApiResponse({ status: 202, description: 'A job does it.', standardSchema: accepted })]),
    ...Object.entries(otherResponses).map(([other, text]) =>
      ApiResponse({
        status: Number(other),
        description: text,
        ...(isSuccess(Number(other)) ? content : {}),
        ...(Number(other) >= 500 && response !== null ? { standardSchema: response } : {}),
      }),
    ),
  ];
}

/** Whoever has to be known may be unknown. */
function problemsOf({
  access,
  problems = {},
}: EndpointOptions): Readonly<Record<number, readonly string[]>> {
  if (access === 'public') return problems;
  const merged: Record<number, readonly string[]> = {
    ...problems,
    401: ['accounts.sign_in_required', ...(problems[401] ?? [])],
    429: [...new Set([...(problems[429] ?? []), 'accounts.too_many_attempts'])],
  };
  if (access === 'session') merged[403] = ['accounts.session_required', ...(problems[403] ?? [])];
  return merged;
}

/** What the route is, and who may. */
function describe({ summary, description, access }: EndpointOptions): MethodDecorator[] {
  return [
    ApiOperation({
      summary,
      ...(description === undefined ? {} : { description }),
      security: securityOf(access),
    }),
    ApiExtension('x-access', access),
  ];
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function problemResponses(
  own: Readonly<Record<number, readonly string[]>>,
  answeredOtherwise: readonly number[],
): MethodDecorator[] {
  const statuses = new Set([...Object.keys(COMMON_PROBLEMS), ...Object.keys(own)].map(Number));
  const documented = [...statuses].filter((status) => !answeredOtherwise.includes(status));
  return documented.map((status) => {
    const codes = [...(COMMON_PROBLEMS[status] ?? []), ...(own[status] ?? [])];
    return ApiResponse({
      status,
      description: codes.map((code) => `\`${code}\``).join(', '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    });
  });
}

export const GetEndpoint = (path: string, options: EndpointOptions) =>
  endpoint(RequestMethod.GET, path, options);
export const HeadEndpoint = (path: string, options: EndpointOptions) =>
  endpoint(RequestMethod.HEAD, path, options);
export const PostEndpoint = (path: string, options: EndpointOptions) =>
  endpoint(RequestMethod.POST, path, options);
export const PutEndpoint = (path: string, options: EndpointOptions) =>
  endpoint(RequestMethod.PUT, path, options);
export const PatchEndpoint = (path: string, options: EndpointOptions) =>
  endpoint(RequestMethod.PATCH, path, options);
export const DeleteEndpoint = (path: string, options: EndpointOptions) =>
  endpoint(RequestMethod.DELETE, path, options);
