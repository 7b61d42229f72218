import type { ComponentFixture } from '@angular/core/testing';

/** The element of a component under test. */
export function elementOf(fixture: ComponentFixture<unknown>): HTMLElement {
  const element: unknown = fixture.nativeElement;
  if (!(element instanceof HTMLElement)) throw new Error('The component has no element.');
  return element;
}

/** The only field in a component under test. */
export function fieldIn(element: HTMLElement): HTMLInputElement {
  const field = element.querySelector('input');
  if (field === null) throw new Error('There is no field.');
  return field;
}
