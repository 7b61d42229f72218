import { ChangeDetectionStrategy, Component, computed, inject, type OnInit } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import { Button, ProblemLine } from '@homeserver/ui';

import { ConfirmIdentity } from '../../core/confirm-identity/confirm-identity';
import { PageOpener } from '../../core/page-opener';
import { IDENTITY_LINK } from '../factors-api';
import { identityWords } from './identity-words';

/** A link is no call: what the server refuses comes back in the address, also that it asks who it is. */
const CONFIRM_REQUIRED = 'accounts.confirm_required';

/** Says why nothing came of the way to the identity provider; asks who it is where that was all it lacked. */
@Component({
  selector: 'home-identity-notice',
  imports: [Button, ProblemLine],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (words(); as text) {
      <div class="card">
        <home-problem-line [detail]="text">
          <button homeButton type="button" (click)="close()">Close</button>
        </home-problem-line>
      </div>
    }
  `,
})
export class IdentityNotice implements OnInit {
  protected readonly words = computed(() => {
    const code = this.params().get('problem');
    return code === CONFIRM_REQUIRED ? null : identityWords(code);
  });

  private readonly route = inject(ActivatedRoute);
  private readonly router = inject(Router);
  private readonly identity = inject(ConfirmIdentity);
  private readonly opener = inject(PageOpener);
  private readonly params = toSignal(this.route.queryParamMap, {
    initialValue: this.route.snapshot.queryParamMap,
  });

  ngOnInit(): void {
    if (this.params().get('problem') === CONFIRM_REQUIRED) void this.confirm();
  }

  protected async close(): Promise<void> {
    await this.router.navigate([], {
      relativeTo: this.route,
      queryParams: { problem: null },
      queryParamsHandling: 'merge',
      replaceUrl: true,
    });
  }

  private async confirm(): Promise<void> {
    // Not again when the page is loaded again.
    await this.close();
    if (await this.identity.ask()) this.opener.open(IDENTITY_LINK);
  }
}
