import { TestBed } from '@angular/core/testing';

import { elementOf } from '../testing/rendered';
import { sampleFile } from '../testing/sample-file';
import { FilePicture } from './file-picture';

describe('FilePicture', () => {
  it('should not be dragged, which would be a file for the browser', async () => {
    const fixture = TestBed.createComponent(FilePicture);
    fixture.componentRef.setInput('file', sampleFile('a.png', { contentType: 'image/png' }));
    await fixture.whenStable();
    expect(elementOf(fixture).querySelector('img')?.draggable).toBe(false);
  });
});
