/**
 * What the server's process is started with beside the environment that it gets. Only the start of a process
 * can say these things; the containers and the systemd unit say the same.
 */
export const SERVER_ENVIRONMENT = {
  // glibc, see mallopt(3). One heap instead of one for each thread, and what is free of it stays with the
  // process: an upload allocates and frees its own size, and every page that was given back costs a fault.
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: String(128 * 1024 * 1024),
  // MiB. V8's young generation: at 1 MiB it costs a third of the CPU of a small upload, and left to itself it grows
  // to twice 32 MiB, which an idle server never gives back.
  NODE_OPTIONS: '--max-semi-space-size=4',
};
