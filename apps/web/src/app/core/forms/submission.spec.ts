import { HttpErrorResponse } from '@angular/common/http';

import { faultsOf, Submission } from './submission';

function refusal(status: number, body: object): HttpErrorResponse {
  return new HttpErrorResponse({ status, error: body });
}

/** What a call that is refused gives. */
function failing(failure: unknown): Promise<never> {
  return Promise.reject(failure);
}

const FAULTY = refusal(422, {
  code: 'request.invalid',
  detail: 'The body is not valid.',
  errors: [
    { pointer: '#/password', detail: 'A password has at least 10 characters.' },
    { pointer: '#/scopes/0', detail: 'No such scope.' },
    { pointer: '#/elsewhere', detail: 'Unknown.' },
    { pointer: 7 },
  ],
});

describe('Submission', () => {
  it('should say at the field what is wrong with it when the server points there', async () => {
    const submission = new Submission(['#/password', '#/scopes']);

    expect(await submission.run(() => failing(FAULTY))).toBe(false);

    expect(submission.fault('#/password')).toBe('A password has at least 10 characters.');
    expect(submission.fault('#/scopes')).toBe('No such scope.');
    expect(submission.problem()).toBeNull();
  });

  it('should say what went wrong beside the form when it belongs to no field', async () => {
    const submission = new Submission(['#/name']);

    await submission.run(() => failing(refusal(409, { detail: 'Taken.', code: 'x.taken' })));
    expect(submission.problem()?.detail).toBe('Taken.');

    await submission.run(() => failing(FAULTY));
    expect(submission.problem()?.detail).toBe('The body is not valid.');
  });

  it('should say it at the field when a problem is known to belong there', async () => {
    const submission = new Submission(['#/username'], { 'x.taken': '#/username' });

    await submission.run(() => failing(refusal(409, { detail: 'Taken.', code: 'x.taken' })));

    expect(submission.fault('#/username')).toBe('Taken.');
    expect(submission.problem()).toBeNull();
  });

  it('should forget what was wrong when the next try succeeds', async () => {
    const submission = new Submission(['#/password']);
    await submission.run(() => failing(FAULTY));

    expect(await submission.run(() => Promise.resolve())).toBe(true);

    expect(submission.fault('#/password')).toBeNull();
    expect(submission.isSending()).toBe(false);
  });

  it('should send once when it is pressed twice', async () => {
    const submission = new Submission();
    let sent = 0;
    let finish: () => void = () => undefined;
    const send = () => {
      sent += 1;
      return new Promise<void>((resolve) => (finish = resolve));
    };

    const first = submission.run(send);
    expect(submission.isSending()).toBe(true);
    expect(await submission.run(send)).toBe(false);
    finish();

    expect(await first).toBe(true);
    expect(sent).toBe(1);
  });

  it('should say nothing when the person did not confirm who they are', async () => {
    const submission = new Submission();

    await submission.run(() =>
      failing(refusal(403, { code: 'accounts.confirm_required', detail: 'Confirm.' })),
    );

    expect(submission.problem()).toBeNull();
  });
});

describe('faultsOf', () => {
  it.each([[null], [new TypeError('x')], [refusal(500, { errors: 'none' })]])(
    'should find none when the failure names none',
    (failure) => {
      expect(faultsOf(failure, ['#/name']).size).toBe(0);
    },
  );
});
