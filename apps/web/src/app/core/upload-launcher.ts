import type { Signal, Type } from '@angular/core';

/**
 * How the frame reaches the uploads without knowing the files domain, which provides it. An
 * implementation loads the upload code at the first use, so that the first page does without it.
 */
export abstract class UploadLauncher {
  /** True from the first upload on: the frame then shows the queue. */
  abstract readonly hasQueue: Signal<boolean>;

  /** Whether something is being uploaded, or waits for it. */
  abstract readonly isBusy: Signal<boolean>;

  /** Why what was chosen last is not uploaded, in words for a person; null when it is. */
  abstract readonly problem: Signal<string | null>;

  /**
   * Opens the file picker; what is chosen is uploaded to the folder that is open, else to the default
   * drive. To be called in the handler of a click: browsers open a picker for nothing else.
   */
  abstract choose(): void;

  /** Cancels what is being uploaded and what waits for it. */
  abstract cancelAll(): void;

  /** The component that shows the queue; asked for once `hasQueue` is true. */
  abstract loadQueuePanel(): Promise<Type<unknown>>;
}
