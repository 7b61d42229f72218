import { provideHttpClient, withInterceptors } from '@angular/common/http';
import {
  type ApplicationConfig,
  provideBrowserGlobalErrorListeners,
  provideZonelessChangeDetection,
} from '@angular/core';
import {
  provideRouter,
  withComponentInputBinding,
  withInMemoryScrolling,
  withNavigationErrorHandler,
} from '@angular/router';

import { routes } from './app.routes';
import { openAnew } from './core/outdated-app';
import { confirmIdentity, watchSession } from './core/session-interceptor';
import { UploadLauncher } from './core/upload-launcher';
import { FilesUploadLauncher } from './files/uploads/files-upload-launcher';

export const appConfig: ApplicationConfig = {
  providers: [
    provideZonelessChangeDetection(),
    provideBrowserGlobalErrorListeners(),
    provideHttpClient(withInterceptors([confirmIdentity, watchSession])),
    provideRouter(
      routes,
      withComponentInputBinding(),
      withInMemoryScrolling({ scrollPositionRestoration: 'enabled' }),
      withNavigationErrorHandler((error) => openAnew(error)),
    ),
    { provide: UploadLauncher, useExisting: FilesUploadLauncher },
  ],
};
