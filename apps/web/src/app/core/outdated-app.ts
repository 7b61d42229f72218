import { inject } from '@angular/core';
import { type NavigationError, Router } from '@angular/router';

/**
 * Handles a page whose code does not come. After an update the server has it under another name, which
 * only the newest app knows: that is loaded, at the page that was wanted. Not at the first page, which
 * would go round and round, and not while nothing answers, when a dead page would take this one's place.
 */
export function openAnew(
  { error, url }: Pick<NavigationError, 'error' | 'url'>,
  page: { readonly location: Pick<Location, 'assign'> } = document,
): void {
  // What every browser throws for an import that it cannot get.
  if (!(error instanceof TypeError) || !inject(Router).navigated) return;
  void isServerThere().then((isThere) => {
    if (isThere) page.location.assign(url);
  });
}

async function isServerThere(): Promise<boolean> {
  try {
    return (await fetch('/health/live', { cache: 'no-store' })).ok;
  } catch {
    // Nothing answers: the pages that are here stay.
    return false;
  }
}
