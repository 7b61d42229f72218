import { HttpErrorResponse } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { CorruptedPage } from '@homeserver/dto';
import { type Observable, of, Subject, throwError } from 'rxjs';

import { DrivesApi } from '../core/drives-api';
import { elementOf } from '../files/testing/rendered';
import { sampleFile } from '../files/testing/sample-file';
import { CorruptedFiles } from './corrupted-files';

const PAGE: CorruptedPage = {
  items: [
    {
      file: sampleFile('letter.txt'),
      versionId: null,
      corruptedAt: '2026-08-14T10:00:00.000Z',
      isTrashed: false,
    },
  ],
  nextCursor: null,
};

describe('CorruptedFiles', () => {
  let answer: () => Observable<CorruptedPage>;

  beforeEach(() => {
    answer = () => of(PAGE);
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        { provide: DrivesApi, useValue: { corrupted: () => answer() } },
      ],
    });
  });

  async function open() {
    const fixture = TestBed.createComponent(CorruptedFiles);
    fixture.componentRef.setInput('driveId', 'drive');
    fixture.componentRef.setInput('count', 1);
    await fixture.whenStable();
    return { element: elementOf(fixture), fixture };
  }

  it('should say why when they cannot be had, and ask again', async () => {
    const error = { code: 'database.unavailable', detail: 'Wait a moment.', requestId: 'r-7' };
    answer = () => throwError(() => new HttpErrorResponse({ status: 503, error }));
    const { element, fixture } = await open();
    expect(element.querySelector('[role=alert]')?.textContent).toBe('Wait a moment.');
    expect(element.textContent).toContain('r-7');

    const late = new Subject<CorruptedPage>();
    answer = () => late;
    const button = element.querySelector<HTMLButtonElement>('home-problem-line > button');
    button?.focus();
    button?.click();
    await fixture.whenStable();
    expect(element.textContent).toContain('Looking which they are');
    expect(document.activeElement).toBe(element);
    late.next(PAGE);
    await fixture.whenStable();

    expect([...element.querySelectorAll('a')].map((link) => link.textContent)).toEqual([
      'letter.txt',
    ]);
  });

  it('should keep what is in sight while it asks anew, when there are more', async () => {
    const { element, fixture } = await open();
    answer = () => new Subject<CorruptedPage>();
    fixture.componentRef.setInput('count', 2);
    await fixture.whenStable();
    expect(element.textContent).toContain('letter.txt');
  });
});
