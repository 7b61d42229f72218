import { existsSync } from 'node:fs';
import path from 'node:path';

/** The page of the web app that is missing, where the app has not been built; null where it is there. */
export function missingPage(webRoot: string): string | null {
  const page = path.join(webRoot, 'index.html');
  return existsSync(page) ? null : page;
}
