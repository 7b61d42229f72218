import type { Routes } from '@angular/router';

import { beforeSetup, having, signedIn, signedOut } from './core/session-guards';
import { Shell } from './shell/shell';

/** Pages inside of the frame, for people who are signed in. */
const FRAMED: Routes = [
  { path: '', pathMatch: 'full', redirectTo: 'dashboard' },
  {
    path: 'dashboard',
    title: 'Dashboard · HomeServer',
    canActivate: [having('monitoring:read')],
    loadComponent: () =>
      import('./dashboard/dashboard-page').then((module) => module.DashboardPage),
  },
  {
    path: 'files',
    title: 'Files · HomeServer',
    loadComponent: () => import('./files/files-page').then((module) => module.FilesPage),
  },
  {
    path: 'files/usage',
    title: 'What takes the room · HomeServer',
    loadComponent: () => import('./files/usage/usage-page').then((module) => module.UsagePage),
  },
  {
    path: 'trash',
    title: 'Trash · HomeServer',
    loadComponent: () => import('./files/trash/trash-page').then((module) => module.TrashPage),
  },
  {
    path: 'drives',
    title: 'Drives · HomeServer',
    loadComponent: () => import('./drives/drives-page').then((module) => module.DrivesPage),
  },
  {
    path: 'account',
    title: 'Account · HomeServer',
    loadComponent: () =>
      import('./accounts/account/account-page').then((module) => module.AccountPage),
  },
  {
    path: 'users',
    title: 'Users · HomeServer',
    canActivate: [having('admin')],
    loadComponent: () => import('./accounts/users/users-page').then((module) => module.UsersPage),
  },
  {
    path: 'access',
    title: 'Access · HomeServer',
    canActivate: [having('admin')],
    loadComponent: () =>
      import('./accounts/access/access-page').then((module) => module.AccessPage),
  },
  {
    path: 'audit',
    title: 'Audit log · HomeServer',
    canActivate: [having('admin')],
    loadComponent: () => import('./accounts/audit/audit-page').then((module) => module.AuditPage),
  },
];

export const routes: Routes = [
  {
    path: 'setup',
    title: 'Set-up · HomeServer',
    canActivate: [beforeSetup],
    loadComponent: () => import('./accounts/setup/setup-page').then((module) => module.SetupPage),
  },
  {
    path: 'sign-in',
    title: 'Sign in · HomeServer',
    canActivate: [signedOut],
    loadComponent: () =>
      import('./accounts/sign-in/sign-in-page').then((module) => module.SignInPage),
  },
  { path: '', component: Shell, canActivate: [signedIn], children: FRAMED },
  { path: '**', redirectTo: 'dashboard' },
];
