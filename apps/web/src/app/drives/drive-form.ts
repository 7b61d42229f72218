import type { Drive, PatchDrive } from '@homeserver/dto';
import {
  DEFAULT_EXCLUDES,
  DEFAULT_TRASH_DAYS,
  DEFAULT_TRASH_PERCENT,
  DEFAULT_VERSIONS_PERCENT,
} from '@homeserver/dto';

import type { WantedDrive } from './drive-admin-api';

/** What the fields of the form hold, as they stand there. */
export interface DriveForm {
  readonly name: string;
  readonly path: string;
  readonly readOnly: boolean;
  /** One a line. */
  readonly excludes: string;
  readonly showHidden: boolean;
  readonly crossMounts: boolean;
  readonly fileOwner: string;
  readonly fileGroup: string;
  readonly fileMode: string;
  readonly folderMode: string;
  readonly trashDays: string;
  readonly trashMaxPercent: string;
  readonly versionsMaxPercent: string;
  /** One a line, as the next. */
  readonly acceptedTypes: string;
  readonly refusedTypes: string;
}

type Settings = NonNullable<PatchDrive['settings']>;

const NEW: DriveForm = {
  name: '',
  path: '',
  readOnly: false,
  excludes: DEFAULT_EXCLUDES.join('\n'),
  showHidden: true,
  crossMounts: false,
  fileOwner: '',
  fileGroup: '',
  fileMode: '',
  folderMode: '',
  trashDays: String(DEFAULT_TRASH_DAYS),
  trashMaxPercent: String(DEFAULT_TRASH_PERCENT),
  versionsMaxPercent: String(DEFAULT_VERSIONS_PERCENT),
  acceptedTypes: '',
  refusedTypes: '',
};

/** The form as it is opened. @param drive null: for a new one */
export function formOf(drive: Drive | null): DriveForm {
  if (drive === null) return NEW;
  const { name, readOnly, settings } = drive;
  if (settings === null) return { ...NEW, name, readOnly };
  return {
    name,
    readOnly,
    path: settings.path,
    excludes: settings.excludes.join('\n'),
    showHidden: settings.showHidden,
    crossMounts: settings.crossMounts,
    fileOwner: settings.fileOwner ?? '',
    fileGroup: settings.fileGroup ?? '',
    fileMode: settings.fileMode ?? '',
    folderMode: settings.folderMode ?? '',
    trashDays: String(settings.trashDays),
    trashMaxPercent: String(settings.trashMaxPercent),
    versionsMaxPercent: String(settings.versionsMaxPercent),
    acceptedTypes: settings.acceptedTypes.join('\n'),
    refusedTypes: settings.refusedTypes.join('\n'),
  };
}

/** What is to be sent for a new drive. */
export function newDriveOf(form: DriveForm): WantedDrive {
  const { readOnly } = form;
  const settings = changedSettings(NEW, form);
  return {
    name: form.name.trim(),
    path: form.path.trim(),
    readOnly,
    ...(settings === null ? {} : { settings }),
  };
}

/** What has changed in the form; null when nothing has. */
export function patchOf(before: DriveForm, form: DriveForm): PatchDrive | null {
  const settings = changedSettings(before, form);
  const patch: PatchDrive = {
    ...(form.name.trim() === before.name ? {} : { name: form.name.trim() }),
    ...(form.readOnly === before.readOnly ? {} : { readOnly: form.readOnly }),
    ...(settings === null ? {} : { settings }),
  };
  return Object.keys(patch).length === 0 ? null : patch;
}

function changedSettings(before: DriveForm, form: DriveForm): Settings | null {
  const settings: Settings = {
    ...(form.excludes === before.excludes ? {} : { excludes: linesOf(form.excludes) }),
    ...(form.showHidden === before.showHidden ? {} : { showHidden: form.showHidden }),
    ...(form.crossMounts === before.crossMounts ? {} : { crossMounts: form.crossMounts }),
    ...(form.fileOwner === before.fileOwner ? {} : { fileOwner: textOrNull(form.fileOwner) }),
    ...(form.fileGroup === before.fileGroup ? {} : { fileGroup: textOrNull(form.fileGroup) }),
    ...(form.fileMode === before.fileMode ? {} : { fileMode: textOrNull(form.fileMode) }),
    ...(form.folderMode === before.folderMode ? {} : { folderMode: textOrNull(form.folderMode) }),
    ...(form.trashDays === before.trashDays ? {} : { trashDays: numberOf(form.trashDays) }),
    ...(form.trashMaxPercent === before.trashMaxPercent
      ? {}
      : { trashMaxPercent: numberOf(form.trashMaxPercent) }),
    ...(form.versionsMaxPercent === before.versionsMaxPercent
      ? {}
      : { versionsMaxPercent: numberOf(form.versionsMaxPercent) }),
    ...(form.acceptedTypes === before.acceptedTypes
      ? {}
      : { acceptedTypes: linesOf(form.acceptedTypes) }),
    ...(form.refusedTypes === before.refusedTypes
      ? {}
      : { refusedTypes: linesOf(form.refusedTypes) }),
  };
  return Object.keys(settings).length === 0 ? null : settings;
}

/** What is no whole number the server refuses, and its words stand at the field. */
function numberOf(text: string): number {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0;
}

function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ''))];
}

function textOrNull(text: string): string | null {
  const trimmed = text.trim();
  return trimmed === '' ? null : trimmed;
}
