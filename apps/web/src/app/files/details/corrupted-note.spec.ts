import { TestBed } from '@angular/core/testing';
import { type Observable, of, Subject } from 'rxjs';

import { JobsStore } from '../../core/jobs/jobs-store';
import { FilesApi } from '../files-api';
import { elementOf } from '../testing/rendered';
import { sampleFile } from '../testing/sample-file';
import { CorruptedNote } from './corrupted-note';

const FOUND_AT = '2026-08-09T03:12:40.000Z';

describe('CorruptedNote', () => {
  const job = { id: 'job' };
  const verify = jest.fn((): Observable<typeof job> => of(job));
  const add = jest.fn();

  beforeEach(() => {
    verify.mockClear();
    add.mockClear();
  });

  async function show(corruptedAt: string | null) {
    TestBed.configureTestingModule({
      providers: [
        { provide: FilesApi, useValue: { verify } },
        { provide: JobsStore, useValue: { add } },
      ],
    });
    const fixture = TestBed.createComponent(CorruptedNote);
    fixture.componentRef.setInput('file', sampleFile('letter.txt', { corruptedAt }));
    await fixture.whenStable();
    return { fixture, element: elementOf(fixture) };
  }

  it('should say nothing when the file is as it should be', async () => {
    const { element } = await show(null);
    expect(element.textContent?.trim()).toBe('');
  });

  it('should have the file read again when somebody asks for it', async () => {
    const { element, fixture } = await show(FOUND_AT);
    expect(element.textContent).toContain('This file is corrupted.');
    element.querySelector('button')?.click();
    await fixture.whenStable();

    expect(add).toHaveBeenCalledWith(job);
    expect(element.textContent).toContain('It is being read.');
  });

  it('should answer for the file alone that was asked about, and as it was then', async () => {
    const { element, fixture } = await show(FOUND_AT);
    const answerOf = () => element.querySelector('.answer')?.textContent;
    const next = async (name: string, corruptedAt: string) => {
      fixture.componentRef.setInput('file', sampleFile(name, { corruptedAt }));
      await fixture.whenStable();
    };
    element.querySelector('button')?.click();
    await fixture.whenStable();
    expect(answerOf()).not.toBe('');

    await next('letter.txt', '2026-08-10T03:12:40.000Z');
    expect(answerOf()).toBe('');
    await next('other.txt', FOUND_AT);

    expect(answerOf()).toBe('');
  });

  it('should keep the answer to itself when another file is in sight by then', async () => {
    const late = new Subject<typeof job>();
    verify.mockReturnValueOnce(late);
    const { element, fixture } = await show(FOUND_AT);
    const button = () => element.querySelector('button');
    button()?.click();
    await fixture.whenStable();
    expect(button()?.getAttribute('aria-disabled')).toBe('true');
    expect(button()?.disabled).toBe(false);
    button()?.click();
    expect(verify).toHaveBeenCalledTimes(1);

    fixture.componentRef.setInput('file', sampleFile('other.txt', { corruptedAt: FOUND_AT }));
    await fixture.whenStable();
    expect(button()?.getAttribute('aria-disabled')).toBe('false');
    late.next(job);
    late.complete();
    await new Promise((resolve) => setTimeout(resolve));
    await fixture.whenStable();

    expect(add).toHaveBeenCalledWith(job);
    expect(element.querySelector('.answer')?.textContent).toBe('');
  });
});
