import { TestBed } from '@angular/core/testing';

import { Notices } from '../../core/notices';
import { sampleFile, sampleFiles } from '../testing/sample-file';
import { FileDownloads } from './file-downloads';

describe('FileDownloads', () => {
  let clicked: string[];
  let said: string[];
  let downloads: FileDownloads;

  beforeEach(() => {
    jest.useFakeTimers();
    clicked = [];
    said = [];
    jest.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
      this: HTMLAnchorElement,
    ) {
      clicked.push(`${this.pathname} as ${this.download}`);
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
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('should leave the bytes to the browser when a file is downloaded', async () => {
    await downloads.download([sampleFile('a.txt')]);
    expect(clicked).toEqual(['/api/v1/files/a.txt/download as a.txt']);
  });

  it('should begin one download after the other when there are several', async () => {
    const all = downloads.download(sampleFiles(3));
    expect(clicked).toHaveLength(1);
    await jest.runAllTimersAsync();
    await all;
    expect(clicked).toHaveLength(3);
  });

  it('should say so and download nothing when there are too many', async () => {
    await downloads.download(sampleFiles(21));
    expect(clicked).toEqual([]);
    expect(said[0]).toContain('At most 20 files');
  });
});
