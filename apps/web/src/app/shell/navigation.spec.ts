import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { Drive } from '@homeserver/dto';

import { DrivesStore } from '../core/drives-store';
import { SessionStore } from '../core/session-store';
import { exampleDrive } from '../core/testing/example-drive';
import { exampleUser } from '../core/testing/example-user';
import { Navigation } from './navigation';

describe('Navigation', () => {
  const drives = signal<readonly Drive[] | null>(null);

  async function textOfDrives(): Promise<string[]> {
    const fixture = TestBed.createComponent(Navigation);
    await fixture.whenStable();
    const lines = [...document.querySelectorAll('.drive')];
    return lines.map((line) =>
      [...line.querySelectorAll('span')].map((part) => part.textContent.trim()).join(' '),
    );
  }

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [provideRouter([]), { provide: DrivesStore, useValue: { drives } }],
    });
  });

  it('should show no drives when they are not known', async () => {
    drives.set(null);

    expect(await textOfDrives()).toEqual([]);
  });

  it('should say how full a drive is, and in which state it is when it is away', async () => {
    drives.set([
      exampleDrive(),
      exampleDrive({ id: 'drive-3', name: 'Media', freeBytes: 1e11, totalBytes: 1e12 }),
      exampleDrive({ id: 'drive-4', name: 'Old', totalBytes: null }),
      exampleDrive({ id: 'drive-2', name: 'Archive', state: 'offline', freeBytes: null }),
    ]);

    expect(await textOfDrives()).toEqual([
      'Files 39\u00a0%',
      'Media 90\u00a0%',
      'Old 1.2\u00a0TB free',
      'Archive offline',
    ]);
    expect(document.querySelectorAll('.state.warning')).toHaveLength(1);
  });

  it.each([
    ['admin', ['Dashboard', 'Files', 'Trash', 'Drives', 'Users', 'Access', 'Audit log']],
    ['member', ['Dashboard', 'Files', 'Trash']],
    ['guest', ['Files', 'Trash']],
  ] as const)('should show a person of the role %s what they may see', async (role, names) => {
    drives.set(null);
    TestBed.inject(SessionStore).update(exampleUser({ role }));
    const fixture = TestBed.createComponent(Navigation);
    await fixture.whenStable();

    const places = [...document.querySelectorAll('.place')];
    expect(places.map((place) => place.querySelector('.label')?.textContent)).toEqual(names);
  });
});
