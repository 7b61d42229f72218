import { collectGarbage } from './collect-garbage';

/** A minor collection takes half a millisecond, and every so many bytes of a stream one is due. */
const COLLECT_EVERY_BYTES = 2 * 1024 * 1024;

let passedBytes = 0;

/**
 * To be told of bytes that came in buffers of their own and are done with. Node puts each piece of a
 * request into a new buffer, and V8 looks for those that are free only after 64 MB, by marking the whole
 * heap: half of what a large upload cost in CPU, and 100 MB. Collected while they are young they cost
 * next to nothing.
 */
export function notePassedBytes(count: number): void {
  passedBytes += count;
  if (passedBytes < COLLECT_EVERY_BYTES) return;
  passedBytes = 0;
  collectGarbage({ type: 'minor' });
}
