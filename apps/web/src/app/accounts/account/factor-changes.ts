import { inject, Injectable } from '@angular/core';
import type { AddedFactor, Factor } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { Dialogs } from '../../core/dialog/dialogs';
import { FactorsApi } from '../factors-api';
import { Asking } from '../../core/sections/asking';
import { AuthenticatorDialog } from './authenticator-dialog';
import { FactorsStore } from './factors-store';
import { PasskeyDialog } from './passkey-dialog';
import { PasskeyMaker } from './passkey-maker';
import { PasswordDialog, type PasswordDialogData } from './password-dialog';
import { RecoveryCodesDialog } from './recovery-codes-dialog';

/** What people do about the ways in which they sign in. Nothing here rejects: what went wrong is said. */
@Injectable()
export class FactorChanges {
  private readonly api = inject(FactorsApi);
  private readonly store = inject(FactorsStore);
  private readonly dialogs = inject(Dialogs);
  private readonly asking = inject(Asking);
  private readonly passkeys = inject(PasskeyMaker);

  /** @returns whether there is a new password */
  async changePassword(hasPassword: boolean): Promise<boolean> {
    const data: PasswordDialogData = { hasPassword };
    if ((await this.dialogs.open<boolean>(PasswordDialog, data)) !== true) return false;
    const done = hasPassword ? 'Your password was changed.' : 'You have a password now.';
    return this.asking.do(() => this.store.list.load(), done);
  }

  async addAuthenticator(): Promise<void> {
    await this.asking.do(async () => {
      // Before the dialog: this call may ask for the password first.
      const setup = await firstValueFrom(this.api.beginTotp());
      await this.takeIn(await this.dialogs.open<AddedFactor>(AuthenticatorDialog, setup));
    }, null);
  }

  async addPasskey(): Promise<void> {
    await this.asking.do(async () => {
      const challenge = await this.passkeys.begin();
      await this.takeIn(await this.dialogs.open<AddedFactor>(PasskeyDialog, challenge));
    }, null);
  }

  async remove(factor: Factor): Promise<void> {
    const isApp = factor.kind === 'totp';
    const question = {
      heading: isApp ? 'Remove the authenticator app?' : `Remove the passkey “${factor.name}”?`,
      text: isApp
        ? 'Its codes are no longer asked for and no longer taken. To use it again you set it up anew.'
        : 'It no longer signs you in. You can delete it on the device too.',
      consent: 'Remove',
    };
    const done = isApp ? 'The authenticator app was removed.' : 'The passkey was removed.';
    await this.asking.askAndDo(question, () => this.store.delete(factor.id), done);
  }

  async makeRecoveryCodes(codesLeft: number): Promise<void> {
    const make = async () => {
      const { recoveryCodes } = await firstValueFrom(this.api.makeRecoveryCodes());
      await this.showCodes(recoveryCodes);
    };
    if (codesLeft === 0) {
      await this.asking.do(make, null);
      return;
    }
    const question = {
      heading: 'Make new recovery codes?',
      text: `The ${codesLeft === 1 ? 'one that is' : `${codesLeft} that are`} left no longer work then, wherever you keep them.`,
      consent: 'Make new ones',
    };
    await this.asking.askAndDo(question, make, null);
  }

  async requireAtSignIn(isRequired: boolean): Promise<void> {
    await this.asking.do(
      () => this.store.requireAtSignIn(isRequired),
      isRequired
        ? 'Your password alone no longer signs you in.'
        : 'Your password alone signs you in.',
    );
  }

  async unlinkIdentity(provider: string): Promise<void> {
    const question = {
      heading: `Unlink ${provider}?`,
      text: `It no longer signs you in. You can link it again at any time.`,
      consent: 'Unlink',
    };
    await this.asking.askAndDo(
      question,
      () => this.store.unlinkIdentity(),
      `${provider} was unlinked.`,
    );
  }

  private async takeIn(added: AddedFactor | undefined): Promise<void> {
    if (added === undefined) return;
    // The codes first: they are shown this once, whatever becomes of the list.
    if (added.recoveryCodes !== null) await this.showCodes(added.recoveryCodes);
    else await this.store.list.load();
  }

  private async showCodes(codes: readonly string[]): Promise<void> {
    await Promise.all([this.dialogs.open(RecoveryCodesDialog, codes), this.store.list.load()]);
  }
}
