import type { FileMetadata, Job } from '@homeserver/dto';
import type { Response } from 'express';

import { metadataTag } from '../entries/entity-tag';
import type { Transferred } from './copies.service';

const ACCEPTED = 202;

/** A job is told by its own status, for its answer is about to come. */
export function answerTransfer(transferred: Transferred, response: Response): FileMetadata | Job {
  if (transferred.kind === 'job') {
    response.status(ACCEPTED);
    return transferred.job;
  }
  response.setHeader('ETag', metadataTag(transferred.file.version));
  return transferred.file;
}
