/**
 * Where the program of a thread lies: beside ours, or where it was built for those that are not bundled.
 * @param name as build.mjs has it
 */
export function threadProgram(name: string): URL {
  const folder = process.env['HOMESERVER_PROGRAMS'] ?? new URL('.', import.meta.url);
  return new URL(`${name}.mjs`, folder);
}
