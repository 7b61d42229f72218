import type { FileMetadata } from '@homeserver/dto';

import type { Failure } from './run-bounded';

/** Entries that failed for one and the same reason. */
export interface FailureGroup {
  readonly reason: string;
  readonly filenames: readonly string[];
  /** Of one of the requests, to look it up in the server's log. */
  readonly requestId: string | null;
}

/** Failures by reason, the most frequent first. */
export function groupFailures(failures: readonly Failure<FileMetadata>[]): readonly FailureGroup[] {
  const groups = new Map<string, { filenames: string[]; requestId: string | null }>();
  for (const { item, problem } of failures) {
    const group = groups.get(problem.detail) ?? { filenames: [], requestId: problem.requestId };
    group.filenames.push(item.filename);
    groups.set(problem.detail, group);
  }
  return [...groups]
    .map(([reason, group]) => ({ reason, ...group }))
    .sort((left, right) => right.filenames.length - left.filenames.length);
}
