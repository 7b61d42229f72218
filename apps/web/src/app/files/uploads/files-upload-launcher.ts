import {
  computed,
  DOCUMENT,
  inject,
  Injectable,
  Injector,
  type Signal,
  signal,
  type Type,
} from '@angular/core';

import { UploadLauncher } from '../../core/upload-launcher';
import type * as Uploads from './uploads';

const NOT_OPENED =
  'The files were not uploaded: HomeServer does not answer, or was updated just now. Reload the page, then choose them again.';

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

  constructor() {
    super();
    this.hasQueue = this.started.asReadonly();
    this.isBusy = computed(() => this.queue()?.isBusy() === true);
    this.problem = this.failure.asReadonly();
    this.guardPage();
  }

  override choose(): void {
    const input = this.document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.addEventListener('change', () => void this.upload([...(input.files ?? [])]));
    input.click();
  }

  /** Uploads files to the folder that is open, else to where the server puts them. */
  async upload(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    const uploads = await this.load();
    if (uploads === null) return;
    const { OpenFolder, UploadQueue } = uploads;
    const target = this.injector.get(OpenFolder).target();
    const queue = this.injector.get(UploadQueue);
    queue.add(files, target);
    this.queue.set(queue);
    this.started.set(true);
  }

  override cancelAll(): void {
    this.queue()?.cancelAll();
  }

  override async loadQueuePanel(): Promise<Type<unknown>> {
    const { UploadPanel } = await import('./uploads');
    return UploadPanel;
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
