import {
  computed,
  DOCUMENT,
  effect,
  inject,
  Injectable,
  Injector,
  type Signal,
  signal,
  type Type,
} from '@angular/core';

import { SessionStore } from '../../core/session-store';
import { UploadLauncher } from '../../core/upload-launcher';
import { UndoStack } from '../undo/undo-stack';
import { type Chosen, chosenFrom } from './chosen-file';
import type { UploadBatch } from './upload-batch';
import { UPLOADS_MARK } from './upload-record';
import type { UploadTarget } from './upload-target';
import type * as Uploads from './uploads';

const NOT_OPENED =
  'The files were not uploaded: HomeServer does not answer, or was updated just now. Reload the page, then choose them again.';

/** What has arrived may be the newest version of a file that was there before: that is not to be deleted. */
const INSTEAD_OF_UNDO =
  'cancel it, delete what is new, or restore the earlier version of what it replaced';

/** Opens the picker at once; the code of the uploads comes while the person chooses. */
@Injectable({ providedIn: 'root' })
export class FilesUploadLauncher extends UploadLauncher {
  override readonly hasQueue: Signal<boolean>;
  override readonly isBusy: Signal<boolean>;
  override readonly problem: Signal<string | null>;

  private readonly started = signal(false);
  private readonly queue = signal<Uploads.UploadQueue | null>(null);
  private readonly failure = signal<string | null>(null);
  private readonly document = inject(DOCUMENT);
  private readonly injector = inject(Injector);
  private readonly undoStack = inject(UndoStack);

  constructor() {
    super();
    this.hasQueue = this.started.asReadonly();
    this.isBusy = computed(() => this.queue()?.isBusy() === true);
    this.problem = this.failure.asReadonly();
    this.guardPage();
    this.lookForFormer();
  }

  override choose(): void {
    this.pick(false);
  }

  /** Opens a picker of folders, with all that is in them; empty ones come by a drop alone. */
  chooseFolder(): void {
    this.pick(true);
  }

  /** Uploads what was dropped to the folder that is open, else to where the server puts it. */
  async upload(found: AsyncIterable<readonly Chosen[]>): Promise<void> {
    const uploads = await this.load();
    if (uploads === null) return;
    const { FormerUploads, OpenFolder, UploadQueue } = uploads;
    const target = this.injector.get(OpenFolder).target();
    const queue = this.injector.get(UploadQueue);
    const former = this.injector.get(FormerUploads);
    this.show(queue);
    const { cancelled } = queue;
    let batch: UploadBatch | null = null;
    try {
      for await (const chosen of found) {
        if (cancelled.aborted) break;
        const others = former.takeOver(chosen, target);
        if (others.length === 0) continue;
        batch ??= this.begin(queue, target);
        queue.addTo(batch, others);
      }
    } finally {
      if (batch !== null) batch.isFilled = true;
    }
  }

  override cancelAll(): void {
    this.queue()?.cancelAll();
  }

  override async loadQueuePanel(): Promise<Type<unknown>> {
    const { UploadPanel } = await import('./uploads');
    return UploadPanel;
  }

  private begin(queue: Uploads.UploadQueue, target: UploadTarget | null): UploadBatch {
    const words = `An upload${target === null ? '' : ` to ${target.name}`} was begun.`;
    this.undoStack.push({ kind: 'final', words, advice: INSTEAD_OF_UNDO });
    return queue.open(target);
  }

  private pick(isFolder: boolean): void {
    const input = this.document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.webkitdirectory = isFolder;
    input.addEventListener('change', () => void this.upload(once(chosenFrom(input.files ?? []))));
    input.click();
  }

  private show(queue: Uploads.UploadQueue): void {
    this.queue.set(queue);
    this.started.set(true);
  }

  private async load(): Promise<typeof Uploads | null> {
    this.failure.set(null);
    try {
      return await import('./uploads');
    } catch {
      // The code itself did not come: without it no other part can tell.
      this.failure.set(NOT_OPENED);
      return null;
    }
  }

  /** What a reload has interrupted is offered, once it is known whose it is. */
  private lookForFormer(): void {
    if (!isMarked()) return;
    const session = this.injector.get(SessionStore);
    const looking = effect(() => {
      if (!session.user()) return;
      looking.destroy();
      void this.offerFormer();
    });
  }

  private async offerFormer(): Promise<void> {
    const uploads = await this.load();
    if (uploads === null) return;
    const former = this.injector.get(uploads.FormerUploads);
    await former.look();
    if (former.count() > 0) this.show(this.injector.get(uploads.UploadQueue));
  }

  /** A file that is dropped where nothing takes it would be opened in place of the app. */
  private guardPage(): void {
    const refuse = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files') !== true) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    };
    this.document.addEventListener('dragover', refuse);
    this.document.addEventListener('drop', refuse);
  }
}

async function* once(chosen: readonly Chosen[]): AsyncGenerator<readonly Chosen[]> {
  if (chosen.length > 0) yield chosen;
}

function isMarked(): boolean {
  try {
    return localStorage.getItem(UPLOADS_MARK) !== null;
  } catch {
    // A browser that keeps nothing.
    return false;
  }
}
