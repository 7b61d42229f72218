import { HttpErrorResponse } from '@angular/common/http';
import { signal } from '@angular/core';

import { describeProblem, type ProblemView } from '../problem';
import { PasskeyUnused } from './passkeys';

const NO_PASSKEY: Omit<ProblemView, 'detail'> = {
  title: 'No passkey was used',
  code: 'web.no_passkey',
  requestId: null,
};

/** Which field is to be looked at next; null where it is none. */
export type NextField = 'password' | 'code' | null;

/** A password, and the code of a second factor once the server asks for it: on their way to a proof of who it is. */
export class ProofForm {
  readonly password = signal('');
  readonly code = signal('');
  readonly isCodeDue = signal(false);
  readonly isSending = signal(false);
  readonly passwordFault = signal<string | null>(null);
  readonly codeFault = signal<string | null>(null);
  /** What went wrong and belongs to no field; null when nothing did. */
  readonly problem = signal<ProblemView | null>(null);
  /** When the server will look at the next try, by this device's clock; null: at any time. */
  readonly blockedUntil = signal<number | null>(null);

  /**
   * @param wrongPassword what is said at the field when the password is refused
   * @param showField is called when the person is to look at a field next
   */
  constructor(
    private readonly wrongPassword: string,
    private readonly showField: (field: NextField) => void,
  ) {}

  /** What is to be sent of it. */
  proof(): { password: string; code?: string } {
    const code = this.code().trim();
    return { password: this.password(), ...(this.isCodeDue() && code !== '' ? { code } : {}) };
  }

  /** Does nothing while another try is under way. Never rejects: @returns whether the server was convinced. */
  async run(send: () => Promise<unknown>): Promise<boolean> {
    if (this.isSending()) return false;
    this.isSending.set(true);
    this.forgetFaults();
    try {
      await send();
      return true;
    } catch (error) {
      this.tell(error);
      return false;
    } finally {
      this.isSending.set(false);
    }
  }

  /** Refuses what is not worth a call. @returns whether it may be sent */
  check(): boolean {
    this.forgetFaults();
    if (this.password() === '') {
      this.passwordFault.set('Give your password.');
      this.showField('password');
      return false;
    }
    if (this.isCodeDue() && this.code().trim() === '') {
      this.codeFault.set('Give the code.');
      this.showField('code');
      return false;
    }
    return true;
  }

  /** Another password is wanted: no code is due for it yet. */
  startOver(): void {
    this.forgetFaults();
    this.isCodeDue.set(false);
    this.code.set('');
    this.password.set('');
    this.showField('password');
  }

  private tell(error: unknown): void {
    if (error instanceof PasskeyUnused) {
      if (error.words !== null) this.problem.set({ ...NO_PASSKEY, detail: error.words });
      return;
    }
    const problem = describeProblem(error);
    if (problem.code === 'accounts.wrong_credentials') this.tellWrongPassword();
    else if (problem.code === 'accounts.code_required') this.askForCode(null);
    else if (problem.code === 'accounts.code_wrong') this.askForCode(problem.detail);
    else {
      this.blockedUntil.set(blockedUntil(error));
      this.problem.set(problem);
    }
  }

  private tellWrongPassword(): void {
    this.isCodeDue.set(false);
    this.code.set('');
    this.passwordFault.set(this.wrongPassword);
    this.showField('password');
  }

  private askForCode(fault: string | null): void {
    this.isCodeDue.set(true);
    this.codeFault.set(fault);
    if (fault !== null) this.code.set('');
    this.showField('code');
  }

  private forgetFaults(): void {
    this.problem.set(null);
    this.blockedUntil.set(null);
    this.passwordFault.set(null);
    this.codeFault.set(null);
  }
}

/** When the server will look at the next try, where it refuses one for there having been too many; else null. */
export function blockedUntil(error: unknown): number | null {
  if (!(error instanceof HttpErrorResponse) || error.status !== 429) return null;
  const seconds = Number(error.headers.get('Retry-After') ?? NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Date.now() + seconds * 1000 : null;
}
