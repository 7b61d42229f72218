import { afterNextRender, type Injector } from '@angular/core';

/**
 * Once the page shows what has changed: brings the keyboard to an element when what had it is gone, such as
 * the button of a row that was deleted. Leaves it where it is otherwise.
 */
export function keepFocus(target: () => HTMLElement | undefined, injector: Injector): void {
  const keep = () => {
    const { activeElement, body } = document;
    if (activeElement === null || activeElement === body) target()?.focus();
  };
  afterNextRender({ read: keep }, { injector });
}
