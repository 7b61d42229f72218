import { HttpErrorResponse, HttpHeaders } from '@angular/common/http';

import { describeAnswer, describeProblem } from './problem';

const PROBLEM = {
  type: '/docs#files.name_taken',
  title: 'Conflict',
  status: 409,
  detail: 'There is already an entry named “Ferry.pdf” here. Choose another name.',
  instance: '/api/v1/files/1',
  code: 'files.name_taken',
  requestId: 'request-1',
};

describe('describeProblem', () => {
  it('should tell what the server says and a title for people when it answers with a problem', () => {
    expect(describeProblem(new HttpErrorResponse({ status: 409, error: PROBLEM }))).toEqual({
      title: 'Something is in the way',
      detail: PROBLEM.detail,
      code: 'files.name_taken',
      requestId: 'request-1',
    });
  });

  it('should say that HomeServer does not answer when nothing came back', () => {
    const view = describeProblem(
      new HttpErrorResponse({ status: 0, error: new TypeError('Failed to fetch') }),
    );

    expect(view.code).toBe('web.unreachable');
    expect(view.requestId).toBeNull();
    expect(describeProblem(new TypeError('Failed to fetch'))).toEqual(view);
  });

  it('should say that it takes too long when the request timed out', () => {
    const timeout = new DOMException('signal timed out', 'TimeoutError');

    expect(describeProblem(timeout).code).toBe('web.timeout');
    expect(describeProblem(new HttpErrorResponse({ status: 0, error: timeout })).code).toBe(
      'web.timeout',
    );
  });

  it('should take the request id of the header when the answer is the page of a proxy', () => {
    const view = describeProblem(
      new HttpErrorResponse({
        status: 502,
        error: '<html>Bad Gateway</html>',
        headers: new HttpHeaders({ 'X-Request-Id': 'request-2' }),
      }),
    );

    expect(view.requestId).toBe('request-2');
    expect(view.detail).not.toContain('<html>');
  });

  it.each([502, 503, 504])(
    'should say that HomeServer does not answer when a proxy says so by %d',
    (status) => {
      const view = describeProblem(new HttpErrorResponse({ status, error: '<html>' }));

      expect(view.title).toBe('HomeServer does not answer');
      expect(view.code).toBe('web.unreachable');
      const own = describeProblem(new HttpErrorResponse({ status, error: PROBLEM }));
      expect(own.code).toBe('files.name_taken');
    },
  );

  it('should never throw when the failure is of no known kind', () => {
    expect(describeProblem('boom').code).toBe('web.unexpected');
    expect(describeProblem(undefined).title).toBe('That did not work');
  });
});

describe('describeAnswer', () => {
  it('should read the problem when the body is JSON text', () => {
    expect(describeAnswer(409, JSON.stringify(PROBLEM), null).code).toBe('files.name_taken');
  });

  it('should say so when the drive is full', () => {
    expect(describeAnswer(507, { detail: 'There is no room left.' }, null).title).toBe(
      'The drive is full',
    );
  });
});
