import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';

import { SessionStore } from '../../core/session-store';
import { sampleFile } from '../testing/sample-file';
import { FileClipboard } from './file-clipboard';

describe('FileClipboard', () => {
  const user = signal<{ readonly id: string } | null>(null);
  let clipboard: FileClipboard;

  beforeEach(() => {
    user.set({ id: 'anna' });
    TestBed.configureTestingModule({ providers: [{ provide: SessionStore, useValue: { user } }] });
    clipboard = TestBed.inject(FileClipboard);
    clipboard.hold('cut', [sampleFile('a')]);
  });

  it('should hold what was cut when the same person is told anew', () => {
    user.set({ id: 'anna' });
    expect(clipboard.clipping()?.files).toHaveLength(1);
    expect([...clipboard.cutIds()]).toEqual(['a']);
  });

  it.each([null, { id: 'ben' }])('should be empty when %j is signed in instead', (other) => {
    expect(clipboard.clipping()).not.toBeNull();
    user.set(other);
    expect(clipboard.clipping()).toBeNull();
    expect(clipboard.cutIds().size).toBe(0);
  });
});
