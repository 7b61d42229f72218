import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  Injector,
  signal,
  viewChild,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Access, User } from '@homeserver/dto';
import { Button, type Choice, Icon, SelectField } from '@homeserver/ui';

import { Dialogs } from '../../core/dialog/dialogs';
import { Notices } from '../../core/notices';
import type { AnyDrive } from '../grants-api';
import { PersonMark } from '../people/person-mark';
import { Asking } from '../../core/sections/asking';
import { keepFocus } from '../../core/sections/keep-focus';
import { PageWaiting } from '../../core/sections/page-waiting';
import { AccessStore } from './access-store';
import { ACCESS_CHOICES, accessFrom, accessWords } from './access-words';

/** Where the frame turns into that of a phone. */
const PHONE = '(max-width: 720px)';

interface Group {
  readonly kind: 'shared' | 'personal';
  readonly name: string;
  readonly drives: readonly AnyDrive[];
}

/** Who may read or change what: drives down, people across; on a phone the people of each drive. */
@Component({
  selector: 'home-access-page',
  imports: [Button, Icon, PageWaiting, PersonMark, RouterLink, SelectField],
  providers: [AccessStore, Asking, Dialogs, Notices],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './access-page.html',
  styleUrl: './access-page.scss',
})
export class AccessPage {
  protected readonly store = inject(AccessStore);
  protected readonly choices: readonly Choice[] = ACCESS_CHOICES;
  protected readonly users = computed(() => this.store.matrix.value()?.users ?? null);
  protected readonly groups = computed<readonly Group[]>(() => {
    const groups: readonly Group[] = [
      { kind: 'shared', name: 'Shared drives', drives: this.store.shared() },
      { kind: 'personal', name: 'Personal drives', drives: this.store.personal() },
    ];
    return groups.filter((group) => group.drives.length > 0);
  });

  /** Personal drives are many and seldom granted: on a phone they would be a long way to scroll. */
  private readonly closed = signal<readonly Group['kind'][]>(
    matchMedia(PHONE).matches ? ['personal'] : [],
  );
  private readonly heading = viewChild.required<ElementRef<HTMLElement>>('heading');
  private readonly injector = inject(Injector);
  private readonly asking = inject(Asking);
  private readonly notices = inject(Notices);

  protected isOpen({ kind }: Group): boolean {
    return !this.closed().includes(kind);
  }

  protected toggle({ kind }: Group): void {
    this.closed.update((closed) =>
      closed.includes(kind) ? closed.filter((other) => other !== kind) : [...closed, kind],
    );
  }

  protected async retry(): Promise<void> {
    await this.store.matrix.retry();
    // The button that was pressed is gone.
    keepFocus(() => this.heading().nativeElement, this.injector);
  }

  protected accessOf(drive: AnyDrive, user: User): Access {
    return this.store.accessOf({ driveId: drive.id, userId: user.id });
  }

  protected async choose(drive: AnyDrive, user: User, wanted: string): Promise<void> {
    const before = this.accessOf(drive, user);
    const access = accessFrom(wanted);
    if (access === before || !(await this.change(drive, user, access))) return;
    const words = accessWords(user.displayName, drive.name, access);
    this.notices.offerUndo(words, () => void this.change(drive, user, before));
  }

  private change(drive: AnyDrive, user: User, access: Access): Promise<boolean> {
    const place = { driveId: drive.id, userId: user.id };
    return this.asking.do(() => this.store.change(place, access), null);
  }
}
