import { setFlagsFromString } from 'node:v8';

// The young generation stays at 1 MiB: left to itself it grows to 32 MiB, twice, which an idle server never
// gives back. It must be said before the heap grows, so before anything else is loaded.
setFlagsFromString('--semi-space-growth-factor=1');

await import('./run-server');
