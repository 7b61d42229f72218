import type { RequestHandler } from 'express';
import sirv from 'sirv';

/** Paths that are the server's own, in any case; every other one is a page of the web app. */
const SERVER_PATHS = /^\/(api|health|docs|docs-json|static|metrics)(\/|$)/i;

export const isServerPath = (path: string): boolean => SERVER_PATHS.test(path);

/** As the build names its files: `main-LQ6ADYL4.js`, `chunk-Cpf-rAmM.js`. */
const HASHED_NAME = /-[\w-]{8}\.[a-z0-9]+$/;

/** Where the pages were in the server that this one grew from. */
const FORMER_ADDRESSES: Record<string, string> = {
  '/static/dashboard.html': '/dashboard',
  '/static/files.html': '/files',
};

/** Leads bookmarks of old to the pages of now. */
export const formerAddresses: RequestHandler = (request, response, next) => {
  const address = FORMER_ADDRESSES[request.path];
  if (address === undefined) next();
  else response.redirect(302, address);
};

/**
 * Serves the built web app. Files with a hash in their name never change and are kept for good, the
 * page itself is asked for anew each time. Compressed copies are made by the build.
 */
export function webApp(root: string): RequestHandler {
  const serve = sirv(root, {
    single: true,
    etag: true,
    gzip: true,
    brotli: true,
    setHeaders: (response, pathname) => {
      response.setHeader(
        'Cache-Control',
        HASHED_NAME.test(pathname) ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });
  return (request, response, next) => {
    const isPage =
      (request.method === 'GET' || request.method === 'HEAD') && !isServerPath(request.path);
    if (isPage) serve(request, response, next);
    else next();
  };
}
