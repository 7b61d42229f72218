import { HttpErrorResponse } from '@angular/common/http';

/** What went wrong, in words for the person in front of the page. */
export interface ProblemView {
  readonly title: string;
  /** What to do about it. */
  readonly detail: string;
  /** Stable, for programs: that of the server, or one of `web.unreachable`, `web.timeout`, `web.unexpected`. */
  readonly code: string;
  /** Names the request in the server's log; null where no server answered. */
  readonly requestId: string | null;
}

const UNREACHABLE: ProblemView = {
  title: 'HomeServer does not answer',
  detail:
    'Check that HomeServer is running and that this device is in the home network, then try again.',
  code: 'web.unreachable',
  requestId: null,
};

const TIMEOUT: ProblemView = {
  title: 'This is taking too long',
  detail: 'HomeServer may be busy. Wait a moment, then try again.',
  code: 'web.timeout',
  requestId: null,
};

const UNEXPECTED_DETAIL = 'Try again. If it keeps happening, the log of HomeServer says more.';

const TITLES: Readonly<Record<number, string>> = {
  401: 'Please sign in',
  403: 'You may not do this',
  404: 'It is not there any more',
  409: 'Something is in the way',
  412: 'Someone else changed it',
  413: 'That is too large',
  422: 'HomeServer cannot take this',
  423: 'It is in use',
  429: 'Too many requests',
  503: 'Not available at the moment',
  507: 'The drive is full',
};

/**
 * Whatever a call to the API threw (an HttpErrorResponse, a failed fetch, a timeout), for a person.
 * Never throws.
 */
export function describeProblem(failure: unknown): ProblemView {
  if (failure instanceof HttpErrorResponse) {
    const headerId = failure.headers.get('X-Request-Id');
    return describeAnswer(failure.status, failure.error, headerId);
  }
  if (failure instanceof DOMException && failure.name === 'TimeoutError') return TIMEOUT;
  // What fetch throws when nothing answers.
  if (failure instanceof TypeError) return UNREACHABLE;
  return { title: titleOf(0), detail: UNEXPECTED_DETAIL, code: 'web.unexpected', requestId: null };
}

/**
 * The same for an answer that did not come through HttpClient, such as that of an XMLHttpRequest.
 * @param status of HTTP; 0 where nothing answered
 * @param body the problem as an object or as JSON text; anything else counts as none
 * @param headerId of the header X-Request-Id, which also answers without a problem carry
 */
export function describeAnswer(
  status: number,
  body: unknown,
  headerId: string | null,
): ProblemView {
  if (status === 0) return body instanceof DOMException ? describeProblem(body) : UNREACHABLE;
  const problem = membersOf(body);
  const [code, detail] = [textOf(problem, 'code'), textOf(problem, 'detail')];
  const requestId = textOf(problem, 'requestId') ?? headerId;
  const isOfProxy = code === null && detail === null && status >= 502 && status <= 504;
  // HomeServer, behind the proxy, did not answer.
  if (isOfProxy) return { ...UNREACHABLE, requestId };
  return {
    title: titleOf(status),
    detail: detail ?? UNEXPECTED_DETAIL,
    code: code ?? 'web.unexpected',
    requestId,
  };
}

/** In one piece. The server says in its detail what is the matter; where it did not answer, the title does. */
export function problemInWords({ code, title, detail }: ProblemView): string {
  return code.startsWith('web.') ? `${title}. ${detail}` : detail;
}

function titleOf(status: number): string {
  return (
    TITLES[status] ?? (status >= 500 ? 'Something went wrong in HomeServer' : 'That did not work')
  );
}

function membersOf(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null) return { ...body };
  if (typeof body !== 'string') return {};
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    // Not JSON: the page of a proxy in front, which tells a person nothing.
    return {};
  }
}

function textOf(members: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = members[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
