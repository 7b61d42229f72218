import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router, RouterOutlet } from '@angular/router';

import { ConfirmIdentity } from '../../core/confirm-identity/confirm-identity';
import { PageOpener } from '../../core/page-opener';
import { IdentityNotice } from './identity-notice';

@Component({ imports: [RouterOutlet], template: '<router-outlet />' })
class Frame {}

describe('IdentityNotice', () => {
  let isConfirmed: boolean;
  let opened: string[];

  async function arriveAt(path: string): Promise<string> {
    const fixture = TestBed.createComponent(Frame);
    await TestBed.inject(Router).navigateByUrl(path);
    await fixture.whenStable();
    const frame: unknown = fixture.nativeElement;
    return frame instanceof HTMLElement ? frame.innerText || (frame.textContent ?? '') : '';
  }

  beforeEach(() => {
    opened = [];
    TestBed.configureTestingModule({
      providers: [
        provideRouter([{ path: 'account', component: IdentityNotice }]),
        { provide: ConfirmIdentity, useValue: { ask: () => Promise.resolve(isConfirmed) } },
        { provide: PageOpener, useValue: { open: (path: string) => opened.push(path) } },
      ],
    });
  });

  it('should say nothing when the address has no problem', async () => {
    expect(await arriveAt('/account')).toBe('');
  });

  it('should say in words of ours why nothing came of it when the address has a code', async () => {
    const taken = await arriveAt('/account?problem=accounts.identity_taken');
    expect(taken).toContain('linked with somebody else here');
  });

  it('should show nothing that somebody wrote into the address', async () => {
    expect(await arriveAt('/account?problem=Call%20this%20number')).not.toContain('number');
  });

  it('should go on to the provider when that only lacked a fresh proof, and it is given', async () => {
    isConfirmed = true;
    await arriveAt('/account?problem=accounts.confirm_required');

    expect(opened).toEqual(['/api/v1/me/identity/link?returnTo=/account']);
    expect(TestBed.inject(Router).url).toBe('/account');
  });

  it('should stay when the proof is not given', async () => {
    isConfirmed = false;
    await arriveAt('/account?problem=accounts.confirm_required');

    expect(opened).toEqual([]);
  });
});
