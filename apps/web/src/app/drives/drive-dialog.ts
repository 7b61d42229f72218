import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  inject,
  Injector,
  signal,
  viewChildren,
} from '@angular/core';
import { type Drive, nameFault } from '@homeserver/dto';
import { Icon, ProblemLine, Switch, TextArea, TextField } from '@homeserver/ui';

import { DialogFrame } from '../core/dialog/dialog-frame';
import { focusFault } from '../core/forms/focus-fault';
import { FormActions } from '../core/forms/form-actions';
import { Submission } from '../core/forms/submission';
import { type DriveForm, formOf, newDriveOf, patchOf } from './drive-form';
import { DriveListStore } from './drive-list-store';

const NAME = '#/name';
const PATH = '#/path';
const ADVANCED = [
  'excludes',
  'fileOwner',
  'fileGroup',
  'fileMode',
  'folderMode',
  'trashDays',
  'trashMaxPercent',
  'versionsMaxPercent',
  'acceptedTypes',
  'refusedTypes',
].map((name) => `#/settings/${name}`);

/** Adds a drive, or changes one. Closed with its name when that is done. */
@Component({
  selector: 'home-drive-dialog',
  imports: [DialogFrame, FormActions, Icon, ProblemLine, Switch, TextArea, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './drive-dialog.html',
  styleUrls: ['../core/forms/dialog-form.scss', './drive-dialog.scss'],
})
export class DriveDialog {
  protected readonly dialog = inject<DialogRef<string>>(DialogRef);
  /** null: a new one. */
  protected readonly drive = inject<Drive | null>(DIALOG_DATA);
  protected readonly form = signal(formOf(this.drive));
  protected readonly isOpen = signal(false);
  protected readonly submission = new Submission([NAME, PATH, '#/readOnly', ...ADVANCED], {
    'drives.name_taken': NAME,
    'drives.known': PATH,
    'drives.root_missing': PATH,
    'drives.root_not_a_folder': PATH,
    'drives.root_overlaps': PATH,
    'drives.root_is_data': PATH,
    'drives.root_forbidden': PATH,
    'drives.root_not_writable': PATH,
  });

  private readonly before = this.form();
  private readonly store = inject(DriveListStore);
  private readonly injector = inject(Injector);
  private readonly fields = viewChildren(TextField);

  constructor() {
    afterNextRender(() => this.fields()[0]?.focus());
  }

  protected set<Key extends keyof DriveForm>(key: Key, value: DriveForm[Key]): void {
    this.form.update((form) => ({ ...form, [key]: value }));
  }

  protected async save(): Promise<void> {
    const faults = this.faults();
    if (faults.size > 0) this.submission.refuse(faults);
    else if (await this.submission.run(() => this.send())) return;
    if (ADVANCED.some((pointer) => this.submission.fault(pointer) !== null)) this.isOpen.set(true);
    focusFault(this.fields, this.injector);
  }

  private async send(): Promise<void> {
    const form = this.form();
    if (this.drive === null) await this.store.add(newDriveOf(form));
    else {
      const patch = patchOf(this.before, form);
      if (patch !== null) await this.store.change(this.drive.id, patch);
    }
    this.dialog.close(form.name.trim());
  }

  /** What need not be asked of the server. */
  private faults(): ReadonlyMap<string, string> {
    const { name, path } = this.form();
    const faults = new Map<string, string>();
    const ofName = name.trim() === '' ? 'A drive needs a name.' : nameFault(name.trim());
    if (ofName !== null) faults.set(NAME, ofName);
    if (this.drive === null && !path.trim().startsWith('/'))
      faults.set(PATH, 'The whole path on the machine, such as /mnt/media.');
    return faults;
  }
}
