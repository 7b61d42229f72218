import { Injectable } from '@angular/core';

/** The way of the keyboard back to the list, for whatever is asked for around it. */
@Injectable()
export class ListFocus {
  private take: () => void = () => undefined;

  /** @param take brings the keyboard to the list, or where there is none to the heading */
  register(take: () => void): void {
    this.take = take;
  }

  toList(): void {
    this.take();
  }
}
