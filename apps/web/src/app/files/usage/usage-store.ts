import { computed, inject, Injectable, signal } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute } from '@angular/router';
import type { UsageNode } from '@homeserver/dto';
import { catchError, combineLatest, filter, map, of, startWith, switchMap } from 'rxjs';

import { DrivesStore } from '../../core/drives-store';
import { describeProblem, type ProblemView } from '../../core/problem';
import { FilesApi } from '../files-api';
import { FolderStore } from '../listing/folder-store';

type Answer =
  | { readonly kind: 'loading' }
  | { readonly kind: 'there'; readonly root: UsageNode }
  | { readonly kind: 'failed'; readonly problem: ProblemView };

/** What takes the room in the folder that the address names; without one, in the drive. */
@Injectable()
export class UsageStore {
  readonly drive = computed(() => {
    const drives = this.drives.drives() ?? [];
    return drives.find(({ id }) => id === this.params().get('drive')) ?? drives[0] ?? null;
  });
  readonly folderId = computed(
    () => this.params().get('folder') ?? this.drive()?.rootFolderId ?? null,
  );
  /** null while it is on its way. */
  readonly root = computed(() => {
    const answer = this.answer();
    return answer.kind === 'there' ? answer.root : null;
  });
  readonly problem = computed(() => {
    const answer = this.answer();
    if (answer.kind === 'failed') return answer.problem;
    return this.drive() === null ? this.drives.problem() : null;
  });

  private readonly drives = inject(DrivesStore);
  private readonly api = inject(FilesApi);
  private readonly folder = inject(FolderStore);
  private readonly route = inject(ActivatedRoute);
  private readonly params = toSignal(this.route.queryParamMap, {
    initialValue: this.route.snapshot.queryParamMap,
  });
  private readonly tries = signal(0);
  private readonly answer = toSignal<Answer, Answer>(this.answers(), {
    initialValue: { kind: 'loading' },
  });

  retry(): void {
    void this.drives.load();
    this.tries.update((count) => count + 1);
  }

  private answers() {
    const ids = toObservable(this.folderId).pipe(filter((id) => id !== null));
    return combineLatest([ids, toObservable(this.tries)]).pipe(
      switchMap(([id]) => {
        this.folder.show(id);
        return this.api.usage(id).pipe(
          map((root): Answer => ({ kind: 'there', root })),
          catchError((failure: unknown) =>
            of<Answer>({ kind: 'failed', problem: describeProblem(failure) }),
          ),
          startWith<Answer>({ kind: 'loading' }),
        );
      }),
    );
  }
}
