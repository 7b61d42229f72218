import { Controller, Param, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';

import { CurrentActor } from '../../../platform/access/access.decorator';
import type { Actor } from '../../../platform/access/actor';
import { hasBody } from '../../../platform/http/json-body';
import { ArrivingPart } from './arriving-part';
import { type Created, NewUploads } from './new-uploads.service';
import { ResumableUploads } from './resumable-uploads.service';
import {
  AppendToUploadEndpoint,
  CreateUploadEndpoint,
  EndUploadEndpoint,
  LookAtUploadEndpoint,
} from './upload-endpoints';
import {
  readChecksum,
  readConflict,
  readCreation,
  readOffset,
  requirePartType,
  requireTusVersion,
} from './tus-headers';
import { UploadNotFoundError } from './uploads.errors';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
@ApiTags('Files')
@Controller('api/v1/uploads')
export class ResumableUploadsController {
  constructor(
    private readonly creations: NewUploads,
    private readonly uploads: ResumableUploads,
  ) {}

  @CreateUploadEndpoint()
  async createUpload(@CurrentActor() actor: Actor, @Res() response: Response): Promise<void> {
    const { req: request } = response;
    requireTusVersion(request.headers);
    const creation = readCreation(request.headers);
    const part = { body: bodyOf(request, response), checksum: readChecksum(request.headers) };
    const created = await this.creations.create(actor, creation, part);
    response.setHeader('Location', `/api/v1/uploads/${created.id}`);
    setProgress(response, created);
    response.status(201).end();
  }

  @LookAtUploadEndpoint()
  async lookAtUpload(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Res() response: Response,
  ): Promise<void> {
    const { headers } = response.req;
    requireTusVersion(headers);
    const upload = await this.uploads.look(actor, requireId(id), readConflict(headers));
    response.setHeader('Upload-Length', String(upload.length));
    if (upload.metadata !== '') response.setHeader('Upload-Metadata', upload.metadata);
    setProgress(response, upload);
    response.status(200).end();
  }

  @AppendToUploadEndpoint()
  async appendToUpload(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Res() response: Response,
  ): Promise<void> {
    const { req: request } = response;
    requireTusVersion(request.headers);
    requirePartType(request.headers);
    const offset = readOffset(request.headers);
    const part = {
      offset,
      conflict: readConflict(request.headers),
      body: bodyOf(request, response),
      checksum: readChecksum(request.headers),
    };
    const upload = await this.uploads.append(actor, requireId(id), part);
    setProgress(response, upload);
    response.status(204).end();
  }

  @EndUploadEndpoint()
  async endUpload(
    @CurrentActor() actor: Actor,
    @Param('id') id: string,
    @Res() response: Response,
  ): Promise<void> {
    requireTusVersion(response.req.headers);
    await this.uploads.terminate(actor, requireId(id));
    response.status(204).end();
  }
}

/** null where none comes. @throws UnsupportedMediaTypeError (415) */
function bodyOf(request: Request, response: Response): ArrivingPart | null {
  if (!hasBody(request)) return null;
  requirePartType(request.headers);
  return new ArrivingPart(request, response);
}

/** The protocol has it that what cannot be is not there either. @throws UploadNotFoundError (404) */
function requireId(id: string): string {
  if (!ID.test(id)) throw new UploadNotFoundError();
  return id;
}

function setProgress(response: Response, { offset, fileId, expiresAt }: Created): void {
  response.setHeader('Upload-Offset', String(offset));
  if (fileId !== null) response.setHeader('Homeserver-File-Id', fileId);
  else if (expiresAt !== null) response.setHeader('Upload-Expires', expiresAt.toUTCString());
}
