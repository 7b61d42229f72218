import { ChangeDetectionStrategy, Component } from '@angular/core';

import { Shell } from './shell/shell';

@Component({
  selector: 'home-root',
  imports: [Shell],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<home-shell />`,
})
export class App {}
