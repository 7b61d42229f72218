import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  Injector,
  input,
  linkedSignal,
  signal,
  viewChild,
} from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import type { FileMetadata, FileVersion } from '@homeserver/dto';
import { Button, formatDateTime, Icon, ProblemLine } from '@homeserver/ui';
import {
  catchError,
  firstValueFrom,
  map,
  type Observable,
  of,
  scan,
  startWith,
  switchMap,
} from 'rxjs';

import { Clock } from '../../core/clock';
import { describeProblem, problemInWords, type ProblemView } from '../../core/problem';
import { Asking } from '../../core/sections/asking';
import { keepFocus } from '../../core/sections/keep-focus';
import { FileDownloads } from '../actions/file-downloads';
import { onceStayed } from '../details/once-stayed';
import { FilesApi } from '../files-api';
import { DriveCondition } from '../listing/drive-condition';
import { FileListStore } from '../listing/file-list-store';
import type { EntryChange } from '../undo/undo-step';
import { Undoing } from '../undo/undoing';
import { replacedInWords, versionFacts } from './version-words';

const PAGE = 10;

interface Known {
  readonly items: readonly FileVersion[];
  readonly nextCursor: string | null;
}

type State =
  | { readonly kind: 'loading'; readonly fileId: string }
  | { readonly kind: 'failed'; readonly fileId: string; readonly problem: ProblemView }
  | { readonly kind: 'known'; readonly fileId: string; readonly page: Known };

const NONE: Known = { items: [], nextCursor: null };
let nextNumber = 0;

/** What a file was earlier: to be had, restored, or deleted for good. */
@Component({
  selector: 'home-version-list',
  imports: [Button, Icon, ProblemLine],
  providers: [Asking],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './version-list.html',
  styleUrl: './version-list.scss',
})
export class VersionList {
  readonly file = input.required<FileMetadata>();

  protected readonly headingId = `home-versions-${(nextNumber += 1)}`;
  protected readonly skeletons = [1, 2];
  protected readonly condition = inject(DriveCondition);
  protected readonly isBusy = signal(false);
  protected readonly problemInWords = problemInWords;

  private readonly api = inject(FilesApi);
  private readonly downloads = inject(FileDownloads);
  private readonly list = inject(FileListStore);
  private readonly asking = inject(Asking);
  private readonly undoing = inject(Undoing);
  private readonly clock = inject(Clock);
  private readonly injector = inject(Injector);
  private readonly heading = viewChild<ElementRef<HTMLElement>>('heading');
  private readonly tries = signal(0);
  /** Another content is another version of the row; folders and links have none. */
  private readonly asked = computed(
    () => {
      const { id, kind, nature, version } = this.file();
      const hasVersions = kind === 'file' && nature !== 'link';
      return hasVersions ? { id, version, tryNumber: this.tries() } : null;
    },
    { equal: (one, other) => JSON.stringify(one) === JSON.stringify(other) },
  );
  protected readonly state = toSignal(
    toObservable(this.asked).pipe(
      switchMap((asked) => this.ask(asked?.id ?? null)),
      // What is known of the same file stays in sight while it is asked for anew.
      scan(
        (before: State | null, next: State | null) =>
          next?.kind === 'loading' && before?.kind === 'known' && before.fileId === next.fileId
            ? before
            : next,
        null,
      ),
    ),
    { initialValue: null },
  );
  private readonly known = linkedSignal<Known>(() => {
    const state = this.state();
    return state?.kind === 'known' ? state.page : NONE;
  });
  protected readonly versions = computed(() => this.known().items);
  protected readonly nextCursor = computed(() => this.known().nextCursor);

  protected exactly({ replacedAt }: FileVersion): string {
    return formatDateTime(new Date(replacedAt));
  }

  protected words(version: FileVersion): string {
    return replacedInWords(version, this.clock.now());
  }

  protected facts(version: FileVersion): string {
    return versionFacts(version, this.file());
  }

  /** Where no better copy is left it may be what somebody wants. */
  protected restoreWords({ corruptedAt }: FileVersion): string {
    return corruptedAt === null ? 'Restore' : 'Restore, although it is corrupted';
  }

  protected retry(): void {
    this.tries.update((count) => count + 1);
    this.keepKeyboard();
  }

  protected download(version: FileVersion): void {
    this.downloads.downloadVersion(version);
  }

  protected async showMore(): Promise<void> {
    const { id } = this.file();
    const cursor = this.nextCursor();
    await this.alone(async () => {
      const { items, nextCursor } = await firstValueFrom(
        this.api.versions(id, { limit: PAGE, cursor }),
      );
      if (this.file().id === id)
        this.known.update((known) => ({ items: [...known.items, ...items], nextCursor }));
    });
    this.keepKeyboard();
  }

  /** There is a way back, by what is kept of it: so nobody is asked before. */
  protected async restore(version: FileVersion): Promise<void> {
    const before = this.file();
    await this.alone(async () => {
      const after = await firstValueFrom(this.api.restoreVersion(version.fileId, version.id));
      this.list.applyNow([{ kind: 'present', file: after }]);
      const words = `“${before.filename}” is as it was until ${this.exactly(version)}.`;
      await this.offerWayBack(words, { before, after });
    });
    this.keepKeyboard();
  }

  protected async remove(version: FileVersion): Promise<void> {
    const { fileId, id } = version;
    const isDone = await this.asking.askAndDo(
      {
        heading: 'Delete this earlier version for good?',
        text: `What “${this.file().filename}” was until ${this.exactly(version)} cannot be brought back then. The file itself stays as it is.`,
        consent: 'Delete',
      },
      () => firstValueFrom(this.api.deleteVersion(fileId, id), { defaultValue: undefined }),
      null,
    );
    if (!isDone) return;
    this.undoing.tell('The earlier version is deleted.', null);
    this.known.update((known) => ({
      ...known,
      items: known.items.filter((item) => item.id !== id),
    }));
    this.keepKeyboard();
  }

  /** It is restored by now: where the way back cannot be had, that is no problem of the restoration. */
  private async offerWayBack(words: string, change: EntryChange): Promise<void> {
    try {
      const versionId = await this.newestIdOf(change.after);
      if (versionId === null) this.undoing.tell(words, null);
      else this.undoing.offer({ kind: 'content', words, changes: [change], versionId });
    } catch {
      // Whatever the server answered, or did not: what the file was is kept all the same.
      this.undoing.tell(words, 'restore the newest of its earlier versions instead');
    }
  }

  /** @returns what the file was until now; null when that is not kept */
  private async newestIdOf({ id }: FileMetadata): Promise<string | null> {
    const page = await firstValueFrom(this.api.versions(id, { limit: 1, cursor: null }));
    return page.items[0]?.id ?? null;
  }

  private async alone(act: () => Promise<void>): Promise<void> {
    if (this.isBusy()) return;
    this.isBusy.set(true);
    await this.asking.do(act, null);
    this.isBusy.set(false);
  }

  private ask(fileId: string | null): Observable<State | null> {
    if (fileId === null) return of(null);
    return onceStayed(() => this.api.versions(fileId, { limit: PAGE, cursor: null })).pipe(
      map((page): State => ({ kind: 'known', fileId, page })),
      catchError((failure: unknown) =>
        of<State>({ kind: 'failed', fileId, problem: describeProblem(failure) }),
      ),
      startWith<State>({ kind: 'loading', fileId }),
    );
  }

  /** The button that was pressed is gone, or was disabled for a while. */
  private keepKeyboard(): void {
    keepFocus(() => this.heading()?.nativeElement, this.injector);
  }
}
