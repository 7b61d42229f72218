import { v7 } from 'uuid';

/** A new id: a UUID of version 7, so that ids ascend with time and inserts go to the end of an index. */
export function uuid7(): string {
  return v7();
}
