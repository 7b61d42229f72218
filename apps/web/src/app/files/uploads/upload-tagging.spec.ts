import { TestBed } from '@angular/core/testing';
import type { FileMetadata, PatchFile } from '@homeserver/dto';
import { of, Subject } from 'rxjs';

import { FilesApi } from '../files-api';
import { sampleFile } from '../testing/sample-file';
import { UploadBatch } from './upload-batch';
import { type Arrival, UploadQueue } from './upload-queue';
import { UploadTagging } from './upload-tagging';

interface Change {
  readonly file: FileMetadata;
  readonly tags: readonly string[];
  readonly answer: Subject<FileMetadata>;
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
}

describe('UploadTagging', () => {
  let arrivals: Subject<Arrival>;
  let changes: Change[];
  let tagging: UploadTagging;
  let batch: UploadBatch;

  beforeEach(() => {
    arrivals = new Subject();
    changes = [];
    const api = {
      metadata: (id: string) => of({ ...sampleFile(id), ancestors: [] }),
      change: (file: FileMetadata, { tags = [] }: PatchFile) => {
        const answer = new Subject<FileMetadata>();
        changes.push({ file, tags, answer });
        return answer;
      },
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: FilesApi, useValue: api },
        { provide: UploadQueue, useValue: { arrivals, rememberTags: () => 0 } },
      ],
    });
    tagging = TestBed.inject(UploadTagging);
    batch = new UploadBatch(null);
  });

  function arrive(id: string): void {
    batch.stored.set(id, { id, tags: [] });
    arrivals.next({ batch, id });
  }

  async function answer({ file, tags, answer: subject }: Change): Promise<void> {
    subject.next({ ...file, tags: [...tags], version: file.version + 1 });
    subject.complete();
    await settled();
  }

  it('should leave a file alone when it arrived with the tags of its batch', () => {
    arrive('a');
    expect(changes).toEqual([]);
  });

  it('should give the tags afterwards when files have arrived already, two at a time', async () => {
    for (const name of ['a', 'b', 'c']) arrive(name);
    await settled();
    tagging.setTags(batch, ['holiday']);
    await settled();
    expect(changes.map(({ file }) => file.id)).toEqual(['a', 'b']);
    const [first] = changes;
    if (first !== undefined) await answer(first);
    expect(changes.map(({ file }) => file.id)).toEqual(['a', 'b', 'c']);
    expect(batch.stored.get('a')).toEqual({ id: 'a', tags: ['holiday'] });
  });

  it('should give the tags when a file set out before the batch got them', async () => {
    tagging.setTags(batch, ['holiday']);
    arrive('late');
    await settled();
    expect(changes).toMatchObject([{ tags: ['holiday'] }]);
  });

  it('should count the file when its tags cannot be changed', async () => {
    arrive('a');
    tagging.setTags(batch, ['holiday']);
    await settled();
    changes[0]?.answer.error(new Error('refused'));
    await settled();
    expect(batch.untaggedCount()).toBe(1);
  });

  it('should end with the last tags when they are changed while the ones before are on their way', async () => {
    arrive('a');
    tagging.setTags(batch, ['x']);
    await settled();
    tagging.setTags(batch, ['x', 'y']);
    await settled();
    expect(changes).toHaveLength(1);
    for (let index = 0; index < changes.length; index += 1) {
      const change = changes[index];
      if (change !== undefined) await answer(change);
    }
    expect(changes.map(({ tags }) => tags)).toEqual([['x'], ['x', 'y']]);
    expect(batch.stored.get('a')).toEqual({ id: 'a', tags: ['x', 'y'] });
    expect(batch.untaggedCount()).toBe(0);
  });
});
