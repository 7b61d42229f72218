/** Where the program of the index's thread lies: beside ours, or where it was built for those that are not bundled. */
export function indexProgram(): URL {
  const built = process.env['HOMESERVER_INDEX_PROGRAM'];
  return built === undefined ? new URL('./index-worker.mjs', import.meta.url) : new URL(built);
}
