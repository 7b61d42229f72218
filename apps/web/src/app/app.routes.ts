import type { Routes } from '@angular/router';

import { Shell } from './shell/shell';

/** Pages inside of the frame, for people who are signed in. */
const FRAMED: Routes = [
  { path: '', pathMatch: 'full', redirectTo: 'dashboard' },
  {
    path: 'dashboard',
    title: 'Dashboard · HomeServer',
    loadComponent: () =>
      import('./dashboard/dashboard-page').then((module) => module.DashboardPage),
  },
  {
    path: 'files',
    title: 'Files · HomeServer',
    loadComponent: () => import('./files/files-page').then((module) => module.FilesPage),
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
    loadComponent: () => import('./accounts/users/users-page').then((module) => module.UsersPage),
  },
  {
    path: 'access',
    title: 'Access · HomeServer',
    loadComponent: () =>
      import('./accounts/access/access-page').then((module) => module.AccessPage),
  },
  {
    path: 'audit',
    title: 'Audit log · HomeServer',
    loadComponent: () => import('./accounts/audit/audit-page').then((module) => module.AuditPage),
  },
];

export const routes: Routes = [
  {
    path: 'setup',
    title: 'Set-up · HomeServer',
    loadComponent: () => import('./accounts/setup/setup-page').then((module) => module.SetupPage),
  },
  {
    path: 'sign-in',
    title: 'Sign in · HomeServer',
    loadComponent: () =>
      import('./accounts/sign-in/sign-in-page').then((module) => module.SignInPage),
  },
  { path: '', component: Shell, children: FRAMED },
  { path: '**', redirectTo: 'dashboard' },
];
