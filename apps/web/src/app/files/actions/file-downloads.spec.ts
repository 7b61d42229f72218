import { TestBed } from '@angular/core/testing';

import { Notices } from '../../core/notices';
import { sampleFile, sampleFiles, sampleFolder } from '../testing/sample-file';
import { FileDownloads } from './file-downloads';

describe('FileDownloads', () => {
  let clicked: string[];
  let said: string[];
  let downloads: FileDownloads;

  beforeEach(() => {
    clicked = [];
    said = [];
    jest.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
      this: HTMLAnchorElement,
    ) {
      clicked.push(`${this.pathname}${this.search}`);
    });
    TestBed.configureTestingModule({
      providers: [
        FileDownloads,
        { provide: Notices, useValue: { say: (words: string) => said.push(words) } },
      ],
    });
    downloads = TestBed.inject(FileDownloads);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('should leave the bytes to the browser when a file is downloaded', () => {
    downloads.download([sampleFile('a.txt')]);
    expect(clicked).toEqual(['/api/v1/files/a.txt/download']);
  });

  it('should have a folder packed when it is downloaded', () => {
    downloads.download([sampleFolder('album')]);
    expect(clicked).toEqual(['/api/v1/files/album/zip']);
  });

  it('should have several packed together, without those that have no bytes', () => {
    const link = sampleFile('link', { nature: 'link' });
    downloads.download([sampleFile('a.txt'), link, sampleFolder('album')]);
    expect(clicked).toEqual(['/api/v1/files/zip?ids=a.txt,album']);
  });

  it('should say why when it has no bytes', () => {
    downloads.download([sampleFile('link', { nature: 'link', linkTarget: '/etc' })]);
    expect(clicked).toEqual([]);
    expect(said[0]).toContain('A symbolic link');
  });

  it('should say so and download nothing when there are too many', () => {
    downloads.download(sampleFiles(201));
    expect(clicked).toEqual([]);
    expect(said[0]).toContain('At most 200 files');
  });
});
