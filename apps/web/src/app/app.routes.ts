import type { Routes } from '@angular/router';

export const routes: Routes = [
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
  { path: '**', redirectTo: 'dashboard' },
];
