import { inject, Injectable } from '@angular/core';
import type { Drive } from '@homeserver/dto';
import { countOf } from '@homeserver/ui';

import { Dialogs } from '../core/dialog/dialogs';
import { Notices } from '../core/notices';
import { Asking } from '../core/sections/asking';
import { DriveDialog } from './drive-dialog';
import { DriveListStore } from './drive-list-store';

/** What administrators do about drives. Nothing here rejects: what went wrong is said. */
@Injectable()
export class DriveChanges {
  private readonly store = inject(DriveListStore);
  private readonly dialogs = inject(Dialogs);
  private readonly asking = inject(Asking);
  private readonly notices = inject(Notices);

  async add(): Promise<void> {
    const name = await this.dialogs.open<string>(DriveDialog, null);
    if (name !== undefined)
      this.notices.say(`${name} is a drive now. It can be browsed while its index fills.`);
  }

  async edit(drive: Drive): Promise<void> {
    await this.dialogs.open<string>(DriveDialog, drive);
  }

  async scan({ id, name }: Drive, depth: 'quick' | 'full'): Promise<void> {
    const words =
      depth === 'full' ? `Every file of ${name} is looked at.` : `${name} is being scanned.`;
    await this.asking.do(() => this.store.scan(id, depth === 'full'), words);
  }

  async verify({ id, name }: Drive): Promise<void> {
    const words = `The files of ${name} are being read, slowly, so that nobody is kept waiting.`;
    await this.asking.do(() => this.store.verify(id), words);
  }

  async forget({ id, name }: Drive): Promise<void> {
    const question = {
      heading: `Forget the drive “${name}”?`,
      text: 'No file on it is deleted or changed. HomeServer no longer serves it, and forgets its tags and who may use it. Added again later, its files are there as before, without those.',
      consent: 'Forget',
    };
    await this.asking.askAndDo(
      question,
      () => this.store.forget(id),
      `${name} is no longer served. Its files are where they were.`,
    );
  }

  async keepMissing({ id }: Drive): Promise<void> {
    await this.asking.do(
      () => this.store.decide(id, 'keep'),
      'They stay known, with their tags. You are not asked again until more is gone.',
    );
  }

  async forgetMissing({ id, name, attention }: Drive): Promise<void> {
    const what = countOf(
      attention?.reason === 'mass_removal' ? attention.missingCount : 0,
      'entry',
      'entries',
    );
    const question = {
      heading: `Take ${what} of ${name} as deleted?`,
      text: 'Their tags go with them. If the disk is only half there, put that right first, and let them stay.',
      consent: 'Forget them',
    };
    await this.asking.askAndDo(question, () => this.store.decide(id, 'forget'), null);
  }
}
