import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterOutlet } from '@angular/router';

import { Shell } from './shell/shell';

@Component({
  selector: 'home-root',
  imports: [RouterOutlet, Shell],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<home-shell><router-outlet /></home-shell>`,
})
export class App {}
