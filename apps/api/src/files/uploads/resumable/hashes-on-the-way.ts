import { createHash, type Hash } from 'node:crypto';

import { Injectable } from '@nestjs/common';

/** Uploads that pause are forgotten, the oldest first: their bytes are read again before they become a file. */
const KEPT = 2000;

/** How far an upload has come, and by whose right: see `fence` of the lease. */
export interface UploadPoint {
  readonly uploadId: string;
  readonly offset: number;
  readonly fence: number;
}

/** The SHA-256 of uploads as far as they have come, while they stay in this process. */
@Injectable()
export class HashesOnTheWay {
  private readonly known = new Map<string, { point: UploadPoint; hash: Hash }>();

  /**
   * The hash of what came until there; null where it is not known. It is not known any more after that: what comes
   * of the next bytes is kept anew.
   */
  take({ uploadId, offset, fence }: UploadPoint): Hash | null {
    const known = this.known.get(uploadId);
    this.known.delete(uploadId);
    if (offset === 0) return createHash('sha256');
    // Nobody else has written in between.
    const isOurs = known?.point.offset === offset && fence - known.point.fence <= 1;
    return isOurs ? known.hash : null;
  }

  keep(point: UploadPoint, hash: Hash): void {
    this.known.delete(point.uploadId);
    this.known.set(point.uploadId, { point, hash });
    if (this.known.size <= KEPT) return;
    const [oldest] = this.known.keys();
    if (oldest !== undefined) this.known.delete(oldest);
  }

  forget(uploadId: string): void {
    this.known.delete(uploadId);
  }
}
