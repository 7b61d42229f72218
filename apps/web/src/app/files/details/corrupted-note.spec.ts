import { TestBed } from '@angular/core/testing';
import { of } from 'rxjs';

import { JobsStore } from '../../core/jobs/jobs-store';
import { FilesApi } from '../files-api';
import { sampleFile } from '../testing/sample-file';
import { CorruptedNote } from './corrupted-note';

describe('CorruptedNote', () => {
  const job = { id: 'job' };
  const verify = jest.fn(() => of(job));
  const add = jest.fn();

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
    const element: unknown = fixture.nativeElement;
    if (!(element instanceof HTMLElement)) throw new Error('There is no element.');
    return { fixture, element };
  }

  it('should say nothing when the file is as it should be', async () => {
    const { element } = await show(null);
    expect(element.textContent?.trim()).toBe('');
  });

  it('should have the file read again when somebody asks for it', async () => {
    const { element, fixture } = await show('2026-08-09T03:12:40.000Z');
    expect(element.textContent).toContain('This file is corrupted.');
    element.querySelector('button')?.click();
    await fixture.whenStable();

    expect(add).toHaveBeenCalledWith(job);
    expect(element.textContent).toContain('It is being read.');
  });
});
