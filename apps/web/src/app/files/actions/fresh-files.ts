import { inject, Injectable } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { describeProblem, type ProblemView } from '../../core/problem';
import { FilesApi } from '../files-api';
import { FileListStore } from '../listing/file-list-store';

/** Brings the newest state of an entry into the list when a change of it was refused for its age. */
@Injectable()
export class FreshFiles {
  private readonly api = inject(FilesApi);
  private readonly list = inject(FileListStore);

  /**
   * What became of an entry whose change was refused: the entry as it is now, `gone`, or `unchanged`
   * when the refusal had another reason. Never rejects.
   */
  async afterRefusal(
    file: FileMetadata,
    problem: ProblemView,
  ): Promise<FileMetadata | 'gone' | 'unchanged'> {
    if (isGone(problem)) return this.noteGone(file);
    if (problem.code !== 'files.stale') return 'unchanged';
    try {
      const { ancestors: _, ...newest } = await firstValueFrom(this.api.metadata(file.id));
      this.list.applyNow([{ kind: 'present', file: newest }]);
      return newest;
    } catch (failure) {
      // Deleted in the meantime, or out of reach: the refusal before is then all that is known.
      return isGone(describeProblem(failure)) ? this.noteGone(file) : 'unchanged';
    }
  }

  private noteGone(file: FileMetadata): 'gone' {
    this.list.applyNow([{ kind: 'gone', file }]);
    return 'gone';
  }
}

/** Whether the server knows no such entry. */
export function isGone(problem: ProblemView): boolean {
  return problem.code === 'files.not_found';
}
