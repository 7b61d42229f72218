import {
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  signal,
  viewChild,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { Icon } from '@homeserver/ui';

import { PersonMark } from '../accounts/people/person-mark';
import { describeProblem } from '../core/problem';
import { SessionStore } from '../core/session-store';
import { UploadLauncher } from '../core/upload-launcher';
import { HOUSEHOLD_PLACES, OWN_PLACES } from './places';

/** Who is signed in, their pages, and the way out. */
@Component({
  selector: 'home-person-menu',
  imports: [Icon, PersonMark, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './person-menu.html',
  styleUrl: './person-menu.scss',
  host: {
    '(keydown.escape)': 'closeByKey($event)',
    '(focusout)': 'closeWhenLeft($event)',
    '(document:pointerdown)': 'closeWhenElsewhere($event)',
  },
})
export class PersonMenu {
  protected readonly session = inject(SessionStore);
  protected readonly isOpen = signal(false);
  /** Signing out would end uploads: that is asked first. */
  protected readonly isAsking = signal(false);
  protected readonly isLeaving = signal(false);
  protected readonly problem = signal<string | null>(null);
  protected readonly places = computed(() =>
    this.session.isAdmin() ? [...OWN_PLACES, ...HOUSEHOLD_PLACES] : OWN_PLACES,
  );

  private readonly launcher = inject(UploadLauncher, { optional: true });
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly trigger = viewChild<ElementRef<HTMLElement>>('trigger');

  protected toggle(): void {
    if (this.isOpen()) this.close();
    else this.isOpen.set(true);
  }

  protected close(): void {
    this.isOpen.set(false);
    this.isAsking.set(false);
    this.problem.set(null);
  }

  protected closeByKey(event: Event): void {
    if (!this.isOpen()) return;
    event.stopPropagation();
    this.close();
    this.trigger()?.nativeElement.focus();
  }

  protected closeWhenLeft({ relatedTarget }: FocusEvent): void {
    // Without a target the window has lost the focus, or a place was pressed that takes none.
    if (relatedTarget instanceof Node && !this.holds(relatedTarget)) this.close();
  }

  protected closeWhenElsewhere({ target }: Event): void {
    if (this.isOpen() && target instanceof Node && !this.holds(target)) this.close();
  }

  protected async signOut(): Promise<void> {
    if (this.isLeaving()) return;
    if (this.launcher?.isBusy() === true && !this.isAsking()) {
      this.isAsking.set(true);
      return;
    }
    this.isLeaving.set(true);
    this.problem.set(null);
    this.launcher?.cancelAll();
    try {
      await this.session.signOut();
    } catch (error) {
      this.isLeaving.set(false);
      this.problem.set(`You are still signed in. ${describeProblem(error).detail}`);
    }
  }

  private holds(node: Node): boolean {
    return this.host.nativeElement.contains(node);
  }
}
