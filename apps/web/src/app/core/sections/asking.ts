import { inject, Injectable } from '@angular/core';

import { describeProblem, problemInWords } from '../problem';
import { Dialogs } from '../dialog/dialogs';
import { Notices } from '../notices';
import { AskDialog, type Question } from './ask-dialog';

/** What is said when the server refuses a call because the sign-in behind it is old. */
const CONFIRM_REQUIRED = 'accounts.confirm_required';

/** Does what somebody wants, after a question where there is no way back, and says what came of it. */
@Injectable()
export class Asking {
  private readonly dialogs = inject(Dialogs);
  private readonly notices = inject(Notices);

  /** @returns whether it was wanted and done. Never rejects. */
  async askAndDo(
    question: Question,
    act: () => Promise<void>,
    done: string | null,
  ): Promise<boolean> {
    if ((await this.dialogs.ask<boolean>(AskDialog, question)) !== true) return false;
    return this.do(act, done);
  }

  /**
   * @param done what is said when it was done; null: nothing
   * @returns whether it was done. Never rejects: what went wrong is said.
   */
  async do(act: () => Promise<void>, done: string | null): Promise<boolean> {
    try {
      await act();
    } catch (error) {
      const problem = describeProblem(error);
      // The person was asked to confirm and has let it be: they know.
      if (problem.code !== CONFIRM_REQUIRED) this.notices.say(problemInWords(problem));
      return false;
    }
    if (done !== null) this.notices.say(done);
    return true;
  }
}
