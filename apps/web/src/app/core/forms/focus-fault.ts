import { afterNextRender, type Injector, type Signal } from '@angular/core';
import type { TextField } from '@homeserver/ui';

/** Brings the keyboard to the first field with a fault, which is read aloud there. Nowhere where there is none. */
export function focusFault(fields: Signal<readonly TextField[]>, injector: Injector): void {
  afterNextRender(
    {
      read: () =>
        fields()
          .find((field) => field.fault() !== null)
          ?.focus(),
    },
    { injector },
  );
}
