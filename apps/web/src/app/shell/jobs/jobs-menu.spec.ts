import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import type { Job } from '@homeserver/dto';
import { of, Subject } from 'rxjs';

import { JobsApi } from '../../core/jobs/jobs-api';
import { JobsStore } from '../../core/jobs/jobs-store';
import { Notices } from '../../core/notices';
import { SessionStore } from '../../core/session-store';
import { exampleJob } from '../../core/testing/example-job';
import { exampleUser } from '../../core/testing/example-user';
import { JobsMenu } from './jobs-menu';

describe('JobsMenu', () => {
  const jobs = signal<readonly Job[]>([]);
  const me = exampleUser({});
  let ended: Subject<Job>;
  let said: string[];
  let visited: unknown[];

  async function open() {
    ended = new Subject();
    said = [];
    visited = [];
    const notices = {
      say: (words: string) => said.push(words),
      offer: (words: string, action: string, act: () => void) => {
        said.push(`${words} ${action}`);
        act();
      },
    };
    const result = { kind: 'folder', driveId: 'drive', parentId: 'root' };
    TestBed.configureTestingModule({
      providers: [
        { provide: JobsStore, useValue: { jobs, ended, cancel: () => Promise.resolve() } },
        { provide: JobsApi, useValue: { result: () => of(result) } },
        { provide: Router, useValue: { navigate: (...to: unknown[]) => visited.push(...to) } },
        { provide: SessionStore, useValue: { user: signal(me) } },
      ],
    }).overrideComponent(JobsMenu, {
      set: { providers: [{ provide: Notices, useValue: notices }] },
    });
    const fixture = TestBed.createComponent(JobsMenu);
    await fixture.whenStable();
    return () => document.querySelector('.trigger')?.textContent?.trim();
  }

  it('should tell how far the only job is, and how many there are of several', async () => {
    jobs.set([exampleJob()]);
    const label = await open();
    expect(label()).toBe('25\u00a0%');

    jobs.set([exampleJob(), exampleJob({ id: 'job-2' })]);
    TestBed.tick();
    expect(label()).toBe('2');
  });

  it('should offer to open what a job of the person has made', async () => {
    await open();

    ended.next(exampleJob({ state: 'done', userId: me.id, resultId: 'copy' }));
    await Promise.resolve();

    expect(said).toEqual(['Copy of “Summer” is done. Open']);
    expect(visited).toEqual([['/files'], { queryParams: { drive: 'drive', folder: 'copy' } }]);
  });

  it('should say nothing of what others have asked for', async () => {
    await open();

    ended.next(exampleJob({ state: 'done', userId: 'somebody' }));
    ended.next(exampleJob({ state: 'failed', userId: null }));

    expect(said).toEqual([]);
  });
});
