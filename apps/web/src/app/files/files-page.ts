import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({
  selector: 'home-files-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<h1>Files</h1>`,
})
export class FilesPage {}
