import { HttpErrorResponse, HttpHeaders } from '@angular/common/http';

import { PasskeyUnused } from './passkeys';
import { type NextField, ProofForm } from './proof-form';

function refusal(code: string, status = 401, headers: Record<string, string> = {}) {
  const error = { code, detail: `Words of ${code}.` };
  return new HttpErrorResponse({ status, error, headers: new HttpHeaders(headers) });
}

describe('ProofForm', () => {
  let form: ProofForm;
  let shown: NextField[];

  const refuse = (error: unknown) => form.run(() => Promise.reject(error));

  beforeEach(() => {
    shown = [];
    form = new ProofForm('That is not it.', (field) => shown.push(field));
  });

  it('should ask for the code when the password was right and a second factor is due', async () => {
    form.password.set('a long phrase');
    expect(await refuse(refusal('accounts.code_required'))).toBe(false);

    expect(form.isCodeDue()).toBe(true);
    expect(form.codeFault()).toBeNull();
    expect(shown).toEqual(['code']);
    form.code.set(' 492039 ');
    expect(form.proof()).toEqual({ password: 'a long phrase', code: '492039' });
  });

  it('should say so at the code and empty it when it is wrong', async () => {
    await refuse(refusal('accounts.code_required'));
    form.code.set('000000');
    await refuse(refusal('accounts.code_wrong'));

    expect(form.codeFault()).toBe('Words of accounts.code_wrong.');
    expect(form.code()).toBe('');
  });

  it('should go back to the password when it is refused', async () => {
    await refuse(refusal('accounts.code_required'));
    await refuse(refusal('accounts.wrong_credentials'));

    expect(form.isCodeDue()).toBe(false);
    expect(form.passwordFault()).toBe('That is not it.');
    expect(shown).toEqual(['code', 'password']);
  });

  it('should say how long to wait when there were too many tries', async () => {
    const before = Date.now();
    await refuse(refusal('accounts.too_many_attempts', 429, { 'Retry-After': '40' }));

    expect(form.problem()?.code).toBe('accounts.too_many_attempts');
    expect(form.blockedUntil()).toBeGreaterThanOrEqual(before + 40_000);
  });

  it('should say nothing when the person only let the passkey be', async () => {
    await refuse(new PasskeyUnused(null));
    expect(form.problem()).toBeNull();

    await refuse(new PasskeyUnused('No passkey was used.'));
    expect(form.problem()?.detail).toBe('No passkey was used.');
  });

  it('should not send anything when a field is empty', () => {
    expect(form.check()).toBe(false);
    expect(form.passwordFault()).toBe('Give your password.');
    form.password.set('a long phrase');
    expect(form.check()).toBe(true);
  });

  it('should send once when it is pressed twice', async () => {
    let sent = 0;
    let finish = (): void => undefined;
    const send = () => {
      sent += 1;
      return new Promise<void>((resolve) => (finish = resolve));
    };
    const first = form.run(send);
    expect(await form.run(send)).toBe(false);
    finish();

    expect(await first).toBe(true);
    expect(sent).toBe(1);
  });
});
