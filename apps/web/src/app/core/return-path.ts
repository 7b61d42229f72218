/** Pages that nobody is to be led back to. */
const WAYS_IN = /^\/(sign-in|setup)(?=[/?#]|$)/;
/** What is not of the app although it is of this server. */
const NOT_OF_THE_APP = /^\/(api|docs|health|static)(?=[/?#]|$)/;

/**
 * Where to go after a sign-in. Only to a page of ours: an address that came with a link of a stranger leads
 * nowhere else (CWE-601).
 * @param wanted as it stands in the address, such as `/files?tag=holiday`
 * @returns a path of the app; `/` for anything else
 */
export function returnPath(wanted: unknown): string {
  if (typeof wanted !== 'string' || !wanted.startsWith('/')) return '/';
  if (!URL.canParse(wanted, location.origin)) return '/';
  const address = new URL(wanted, location.origin);
  if (address.origin !== location.origin) return '/';
  // What the browser made of it: backslashes, tabs and dots are resolved, and `//host` is another origin.
  const path = `${address.pathname}${address.search}${address.hash}`;
  // A path that begins with two slashes now would be read as a host the next time.
  if (path.startsWith('//') || WAYS_IN.test(path) || NOT_OF_THE_APP.test(path)) return '/';
  return path;
}
