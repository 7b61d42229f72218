import { exampleDrive } from '../core/testing/example-drive';
import { formOf, newDriveOf, patchOf } from './drive-form';

const SETTINGS = {
  path: '/mnt/media',
  excludes: ['node_modules', '*.tmp'],
  showHidden: true,
  crossMounts: false,
  fileOwner: 'media',
  fileGroup: null,
  fileMode: '0664',
  folderMode: null,
  trashDays: 30,
  trashMaxPercent: 10,
  versionsMaxPercent: 10,
  acceptedTypes: ['image/*'],
  refusedTypes: [],
};

describe('newDriveOf', () => {
  it('should leave out what is as usual', () => {
    const form = { ...formOf(null), name: ' Media ', path: ' /mnt/media ' };
    expect(newDriveOf(form)).toEqual({ name: 'Media', path: '/mnt/media', readOnly: false });
  });

  it('should send what is special', () => {
    const special = {
      excludes: '*.tmp\n\n *.tmp \nBackups/old',
      fileMode: '0664',
      showHidden: false,
    };
    expect(newDriveOf({ ...formOf(null), ...special }).settings).toEqual({
      excludes: ['*.tmp', 'Backups/old'],
      fileMode: '0664',
      showHidden: false,
    });
  });
});

describe('patchOf', () => {
  const before = formOf(exampleDrive({ settings: SETTINGS }));

  it('should send nothing when nothing has changed', () => {
    expect(patchOf(before, before)).toBeNull();
  });

  it('should send what has changed alone, and null for what is as the system has it', () => {
    expect(patchOf(before, { ...before, name: 'Films', fileOwner: ' ' })).toEqual({
      name: 'Films',
      settings: { fileOwner: null },
    });
    expect(patchOf(before, { ...before, readOnly: true })).toEqual({ readOnly: true });
    const form = { ...before, trashDays: '7', trashMaxPercent: 'much', versionsMaxPercent: '25' };
    expect(patchOf(before, form)).toEqual({
      settings: { trashDays: 7, trashMaxPercent: 0, versionsMaxPercent: 25 },
    });
    const types = { acceptedTypes: '', refusedTypes: 'text/html\n\napplication/*' };
    expect(patchOf(before, { ...before, ...types })).toEqual({
      settings: { acceptedTypes: [], refusedTypes: ['text/html', 'application/*'] },
    });
  });
});
