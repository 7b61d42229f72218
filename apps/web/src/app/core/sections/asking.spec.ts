import { HttpErrorResponse } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';

import { Dialogs } from '../dialog/dialogs';
import { Notices } from '../notices';
import { Asking } from './asking';

const QUESTION = { heading: 'Delete it?', text: 'For good.', consent: 'Delete' };

/** What a call that is refused gives. */
function failing(failure: unknown): Promise<never> {
  return Promise.reject(failure);
}

describe('Asking', () => {
  let answer: boolean | undefined;
  let said: string[];
  let doneCount: number;
  let failure: unknown;

  function asking(): Asking {
    return TestBed.inject(Asking);
  }

  function act(): Promise<void> {
    if (failure !== null) return failing(failure);
    doneCount += 1;
    return Promise.resolve();
  }

  beforeEach(() => {
    answer = true;
    said = [];
    doneCount = 0;
    failure = null;
    TestBed.configureTestingModule({
      providers: [
        Asking,
        { provide: Dialogs, useValue: { ask: () => Promise.resolve(answer) } },
        { provide: Notices, useValue: { say: (words: string) => said.push(words) } },
      ],
    });
  });

  it('should do it and say so when the answer is yes', async () => {
    expect(await asking().askAndDo(QUESTION, act, 'It was deleted.')).toBe(true);

    expect(doneCount).toBe(1);
    expect(said).toEqual(['It was deleted.']);
  });

  it.each([false, undefined])('should do nothing when the answer is %s', async (given) => {
    answer = given;

    expect(await asking().askAndDo(QUESTION, act, 'It was deleted.')).toBe(false);

    expect(doneCount).toBe(0);
    expect(said).toEqual([]);
  });

  it('should say what the server says when it refuses', async () => {
    failure = new HttpErrorResponse({
      status: 409,
      error: { code: 'accounts.last_administrator', detail: 'This is the last administrator.' },
    });

    expect(await asking().do(act, 'Done.')).toBe(false);

    expect(said).toEqual(['This is the last administrator.']);
  });

  it('should say that nothing answers when nothing does', async () => {
    failure = new HttpErrorResponse({ status: 0 });

    await asking().do(act, 'Done.');

    expect(said[0]).toMatch(/^HomeServer does not answer\. /);
  });

  it('should say nothing when the person did not confirm who they are', async () => {
    failure = new HttpErrorResponse({ status: 403, error: { code: 'accounts.confirm_required' } });

    expect(await asking().do(act, 'Done.')).toBe(false);
    expect(said).toEqual([]);
  });
});
