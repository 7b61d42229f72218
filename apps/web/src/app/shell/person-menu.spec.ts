import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { User } from '@homeserver/dto';

import { SessionStore } from '../core/session-store';
import { exampleUser } from '../core/testing/example-user';
import { UploadLauncher } from '../core/upload-launcher';
import { PersonMenu } from './person-menu';

describe('PersonMenu', () => {
  const user = signal<User>(exampleUser());
  const isBusy = signal(false);
  let fixture: ComponentFixture<PersonMenu>;
  let leave: () => Promise<void>;
  let signOuts: number;

  function host(): HTMLElement {
    const element: unknown = fixture.nativeElement;
    if (!(element instanceof HTMLElement)) throw new Error('Nothing was drawn.');
    return element;
  }

  function button(name: string): HTMLElement {
    const buttons = [...host().querySelectorAll('button')];
    const found = buttons.find((one) => (one.ariaLabel ?? one.textContent).includes(name));
    if (found === undefined) throw new Error(`There is no button ${name}.`);
    return found;
  }

  function links(): string[] {
    return [...host().querySelectorAll('nav a')].map((link) => link.textContent.trim());
  }

  async function press(name: string): Promise<void> {
    button(name).click();
    await fixture.whenStable();
  }

  beforeEach(async () => {
    user.set(exampleUser());
    isBusy.set(false);
    signOuts = 0;
    leave = () => Promise.resolve();
    const signOut = () => {
      signOuts += 1;
      return leave();
    };
    const session = { user, isAdmin: () => user().role === 'admin', signOut };
    const launcher = { isBusy, cancelAll: () => isBusy.set(false) };
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        { provide: SessionStore, useValue: session },
        { provide: UploadLauncher, useValue: launcher },
      ],
    });
    fixture = TestBed.createComponent(PersonMenu);
    await fixture.whenStable();
  });

  it('should lead administrators to the pages of the household, and others only to their own', async () => {
    await press('Account of Anna Muster');
    expect(links()).toEqual(['Account', 'Drives', 'Users', 'Access', 'Audit log']);

    user.set(exampleUser({ role: 'member' }));
    await fixture.whenStable();
    expect(links()).toEqual(['Account']);
  });

  it('should close, with the keyboard back at its button, when Escape is pressed', async () => {
    await press('Account of Anna Muster');
    host().dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    await fixture.whenStable();

    expect(links()).toEqual([]);
    expect(button('Account of Anna Muster').getAttribute('aria-expanded')).toBe('false');
    expect(document.activeElement).toBe(button('Account of Anna Muster'));
  });

  it('should close when something else is pressed', async () => {
    await press('Account of Anna Muster');
    document.body.dispatchEvent(new Event('pointerdown', { bubbles: true }));
    await fixture.whenStable();

    expect(links()).toEqual([]);
  });

  it('should ask before uploads are cancelled by signing out', async () => {
    isBusy.set(true);
    await press('Account of Anna Muster');
    await press('Sign out');
    expect(signOuts).toBe(0);
    expect(host().textContent).toContain('Files are still being uploaded');

    await press('Cancel them and sign out');
    expect(signOuts).toBe(1);
    expect(isBusy()).toBe(false);
  });

  it('should say so when signing out did not work', async () => {
    leave = () => Promise.reject(new TypeError('away'));
    await press('Account of Anna Muster');
    await press('Sign out');

    expect(host().textContent).toContain('You are still signed in.');
  });
});
