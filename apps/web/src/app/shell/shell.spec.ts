import { provideHttpClient } from '@angular/common/http';
import { provideHttpClientTesting } from '@angular/common/http/testing';
import { Component, signal, type Type } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';

import { UploadLauncher } from '../core/upload-launcher';
import { Shell } from './shell';

@Component({ template: '<h1>First page</h1>' })
class FirstPage {}

@Component({ template: '<h1>Second page</h1>' })
class SecondPage {}

@Component({ template: 'Uploading 3 of 214' })
class QueuePanel {}

class FakeLauncher extends UploadLauncher {
  readonly hasQueue = signal(false);
  readonly isBusy = signal(false);
  readonly problem = signal<string | null>(null);
  choices = 0;

  choose(): void {
    this.choices += 1;
  }

  cancelAll(): void {
    this.isBusy.set(false);
  }

  loadQueuePanel(): Promise<Type<unknown>> {
    return Promise.resolve(QueuePanel);
  }
}

describe('Shell', () => {
  const launcher = new FakeLauncher();
  let fixture: ComponentFixture<Shell>;

  async function open(path: string): Promise<void> {
    await TestBed.inject(Router).navigateByUrl(path);
    await fixture.whenStable();
  }

  function element(selector: string): HTMLElement {
    const found = document.querySelector<HTMLElement>(selector);
    if (found === null) throw new Error(`There is no ${selector}.`);
    return found;
  }

  beforeEach(async () => {
    launcher.hasQueue.set(false);
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideRouter([
          { path: 'dashboard', component: FirstPage },
          { path: 'files', component: SecondPage },
        ]),
        { provide: UploadLauncher, useValue: launcher },
      ],
    });
    fixture = TestBed.createComponent(Shell);
    await open('/dashboard');
  });

  it('should leave the focus at the top when the first page opens', () => {
    expect(document.activeElement).toBe(document.body);
  });

  it('should move the focus to the heading when another page opens', async () => {
    await open('/files');

    expect(document.activeElement?.textContent).toBe('Second page');
  });

  it('should mark the page that is open', async () => {
    await open('/files');

    expect(element('[aria-current=page]').getAttribute('href')).toBe('/files');
  });

  it('should move the focus to the content and stay on the page when its link is followed', () => {
    const click = new MouseEvent('click', { bubbles: true, cancelable: true });
    element('.skip-link').dispatchEvent(click);

    expect(document.activeElement?.id).toBe('content');
    // Where the link leads would be another page, with the base of this document.
    expect(click.defaultPrevented).toBe(true);
  });

  it('should open the file picker when Upload is pressed', () => {
    element('home-top-bar button.primary').click();

    expect(launcher.choices).toBe(1);
  });

  it('should say so when what was chosen cannot be uploaded', async () => {
    launcher.problem.set('The uploads could not be opened.');
    await fixture.whenStable();
    expect(element('[role=alert]').textContent).toContain('The uploads could not be opened.');

    launcher.problem.set(null);
    await fixture.whenStable();
    expect(document.querySelector('[role=alert]')).toBeNull();
  });

  it('should show the upload queue on every page when there is one', async () => {
    launcher.hasQueue.set(true);
    await fixture.whenStable();
    expect(element('home-upload-queue-slot').textContent).toContain('Uploading 3 of 214');

    await open('/files');
    expect(element('home-upload-queue-slot').textContent).toContain('Uploading 3 of 214');
  });
});
