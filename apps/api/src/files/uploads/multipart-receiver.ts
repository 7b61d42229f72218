import type { IncomingMessage } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { UploadQuery } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import multer, { MulterError, type StorageEngine } from 'multer';

import {
  BEGINNING_BYTES,
  type DriveStorage,
  SMALL_FILE_BYTES,
  type StagedFile,
} from '../../drives';
import type { Actor } from '../../platform/access/actor';
import { uuid7 } from '../../platform/database/uuid7';
import { DomainError, InvalidInputError } from '../../platform/http/domain-error';
import { inviteBody } from '../../platform/http/expect-continue';
import { MalformedRequestError } from '../../platform/http/http.errors';
import { FieldAfterFileError, FileMissingInFormError, InvalidNameError } from '../files.errors';
import type { QuotaHold } from '../incoming/quota-hold';
import { Quotas } from '../incoming/quotas.service';
import { ArrivingBytes } from './arriving-bytes';
import { readWhileSmall } from './while-small';
import { hasField, placeOf, readFields } from './form-fields';
import { type ReceivedUpload, type UploadTarget, UploadsService } from './uploads.service';

/** Field names are plain here: brackets would let a few bytes make a list of billions. */
const LIMITS = {
  files: 1,
  fields: 200,
  parts: 201,
  fieldNameSize: 100,
  fieldSize: 64 * 1024,
  headerPairs: 100,
  fieldNestingDepth: 0,
  fieldArrayIndexLimit: 0,
};
/** What the parser may hold while the disk is busy. */
const CHUNK_BYTES = 128 * 1024;
/** What may be around a file in its form. */
const FORM_BYTES = 64 * 1024;
const PLACE_FIELDS = ['driveId', 'folderId'] as const;

type HandleFile = (file: Express.Multer.File) => Promise<void>;

/** What is known before the body is read. */
interface Announced {
  readonly query: UploadQuery;
  readonly expectedBytes: number | null;
  readonly target: UploadTarget;
}

/** What has come of a form so far. */
interface Reception {
  target: UploadTarget | null;
  /** Room in the quota of who uploads; null where they have none. */
  hold: QuotaHold | null;
  /** Settles when the file is staged, or comes to nothing; null before there is one. */
  staging: Promise<void> | null;
  staged: StagedFile | null;
  beginning: Buffer;
  filename: string;
  fieldsBeforeFile: unknown;
  readonly arriving: ArrivingBytes;
}

/**
 * Receives a multipart form with one file: its bytes go to the drive's staging, as they come or, where they are few, at once. A failure
 * is told at once, not after the rest of the body; what was staged is removed then.
 */
@Injectable()
export class MultipartReceiver {
  constructor(
    private readonly uploads: UploadsService,
    private readonly quotas: Quotas,
  ) {}

  /**
   * @throws DomainError for a form that is not as the contract has it, for a name that cannot be one, and
   * what `UploadsService.prepare` throws; QuotaExceededError
   */
  async receive(
    request: Request,
    response: Response,
    { actor, query }: { actor: Actor; query: UploadQuery },
  ): Promise<ReceivedUpload> {
    const expectedBytes = announcedLength(request);
    const reception: Reception = {
      target: null,
      hold: null,
      staging: null,
      staged: null,
      beginning: Buffer.alloc(0),
      filename: '',
      fieldsBeforeFile: {},
      arriving: new ArrivingBytes(),
    };
    // Before any byte of the body is read: what the query alone can tell.
    const announced = {
      query,
      expectedBytes,
      target: await this.uploads.prepare(actor, query, expectedBytes),
    };
    reception.hold = await this.quotas.hold(actor, leastBytes(expectedBytes));
    try {
      // The parser never answers for a request that is gone already, also where it had come whole.
      if (request.destroyed) throw new CutOffError();
      await this.parse(request, response, reception.arriving, (file) => {
        reception.staging = this.receiveFile(file, request, announced, reception);
        return reception.staging;
      });
      return this.complete(request.body, reception);
    } catch (error) {
      // The form may fail while its file is still being received.
      await reception.staging?.catch(() => undefined);
      await this.discard(reception);
      throw error;
    }
  }

  private async receiveFile(
    file: Express.Multer.File,
    request: Request,
    announced: Announced,
    reception: Reception,
  ): Promise<void> {
    // Before anything is waited for: more bytes come in the meantime.
    const isNameSent = reception.arriving.hasSent(file.originalname);
    reception.fieldsBeforeFile = { ...request.body };
    const target = await this.targetOf(placeOf(request.body), announced);
    this.uploads.checkName(file.originalname, target);
    if (!isNameSent) throw new InvalidNameError('A name must be UTF-8.');
    reception.target = target;
    reception.filename = file.originalname;
    await this.stage(file.stream, request, { ...announced, target }, reception);
  }

  /** Fields before the file may say where it goes, if the query does not. */
  private async targetOf(
    place: UploadQuery,
    { query, expectedBytes, target }: Announced,
  ): Promise<UploadTarget> {
    if (Object.keys(place).length === 0) return target;
    return this.uploads.prepare(target.actor, { ...query, ...place }, expectedBytes);
  }

  /** Removes the bytes of an upload that comes to nothing. */
  private async discard({ target, staged, hold }: Reception): Promise<void> {
    await hold?.release();
    if (target !== null && staged !== null)
      await target.drive.storage.removeStaged(staged.stagedName);
  }

  /** Runs multer. It drains the whole body before it tells of an error; we do not wait for that. */
  private parse(
    request: Request,
    response: Response,
    arriving: ArrivingBytes,
    handle: HandleFile,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const streamHandler = (_request: Request, form: Writable) => {
        form.once('error', (error) => reject(toParserError(error, arriving)));
        request.on('data', (chunk: Buffer) => arriving.add(chunk));
        inviteBody(request, response);
        request.pipe(form);
      };
      const parser = multer({
        storage: storageOf(handle, reject),
        limits: LIMITS,
        preservePath: true,
        defParamCharset: 'utf8',
        ...{ fileHwm: CHUNK_BYTES, highWaterMark: CHUNK_BYTES, streamHandler },
      });
      parser.single('file')(request, response, (error: unknown) => {
        if (error === undefined || error === null) resolve();
        else
          reject(
            error instanceof MulterError ? toFormError(error) : toParserError(error, arriving),
          );
      });
    });
  }

  private async stage(
    bytes: Readable,
    request: IncomingMessage,
    { target, expectedBytes }: Pick<Announced, 'target' | 'expectedBytes'>,
    reception: Reception,
  ): Promise<void> {
    const { storage } = target.drive;
    const stagedName = uuid7();
    const cutOff = () => bytes.destroy(new CutOffError());
    request.once('aborted', cutOff);
    try {
      const read = readWhileSmall(bytes, SMALL_FILE_BYTES);
      if (request.destroyed && !request.complete) cutOff();
      const small = await read;
      await (small === null
        ? this.stageStream(bytes, stagedName, { storage, expectedBytes }, reception)
        : this.stageSmall(small, stagedName, storage, reception));
    } catch (error) {
      await storage.removeStaged(stagedName);
      throw error;
    } finally {
      request.off('aborted', cutOff);
    }
  }

  private async stageSmall(
    pieces: readonly Buffer[],
    stagedName: string,
    storage: DriveStorage,
    reception: Reception,
  ): Promise<void> {
    const bytes = joined(pieces);
    await reception.hold?.reserve(bytes.length);
    const { sha256, file } = await storage.stageSmall(stagedName, bytes);
    reception.beginning = bytes.subarray(0, BEGINNING_BYTES);
    reception.staged = { ...file, stagedName, sha256 };
  }

  private async stageStream(
    bytes: Readable,
    stagedName: string,
    { storage, expectedBytes }: { storage: DriveStorage; expectedBytes: number | null },
    reception: Reception,
  ): Promise<void> {
    const { hold } = reception;
    const writer = await storage.stage(stagedName);
    await (hold === null
      ? pipeline(bytes, writer)
      : pipeline(bytes, hold.meter(expectedBytes), writer));
    const { sha256, file } = writer.written;
    // The form has taken some of what was announced.
    await hold?.reserve(file.size);
    reception.beginning = writer.beginning;
    reception.staged = { ...file, stagedName, sha256 };
  }

  private complete(
    body: unknown,
    { target, staged, beginning, filename, fieldsBeforeFile, hold }: Reception,
  ): ReceivedUpload {
    if (target === null || staged === null) throw new FileMissingInFormError();
    for (const field of PLACE_FIELDS) {
      if (hasField(body, field) && !hasField(fieldsBeforeFile, field))
        throw new FieldAfterFileError(field);
    }
    const { tags, conflict } = readFields(body);
    return { target, staged, beginning, filename, tags, conflict, hold };
  }
}

/** Hands each file on, and tells of its failure at once. */
function storageOf(handle: HandleFile, reject: (error: unknown) => void): StorageEngine {
  return {
    _handleFile: (_request, file, done) => {
      handle(file).then(
        () => done(null, {}),
        (error: unknown) => {
          reject(error);
          done(error);
        },
      );
    },
    _removeFile: (_request, _file, done) => done(null),
  };
}

/** The client went away in the middle: nobody is left to be told. */
class CutOffError extends DomainError {
  constructor() {
    super('http.cut_off', 400, 'The upload was cut off before its end. Nothing of it was kept.');
  }
}

/** What a file has at least, of which a form is announced: the rest of the form takes less than this. */
function leastBytes(expectedBytes: number | null): number {
  return Math.max(0, (expectedBytes ?? 0) - FORM_BYTES);
}

/** Content-Length, which for a form is a little more than the file. */
function announcedLength(request: IncomingMessage): number | null {
  const length = Number(request.headers['content-length']);
  return Number.isSafeInteger(length) ? length : null;
}

function toFormError(error: MulterError): DomainError {
  if (error.code === 'LIMIT_UNEXPECTED_FILE' || error.code === 'LIMIT_FILE_COUNT')
    return new FileMissingInFormError();
  if (error.code === 'LIMIT_FIELD_VALUE')
    return new DomainError('http.too_large', 413, 'A field of the form is too long.');
  return new InvalidInputError([
    { pointer: '#', detail: `The form is not one that this call takes: ${error.message}.` },
  ]);
}

/** What comes from the parser: a body that is not, or not to its end, a form; or a name that it cannot take. */
function toParserError(error: unknown, arriving: ArrivingBytes): DomainError {
  if (error instanceof DomainError) return error;
  if (arriving.hasNameWithControl())
    return new InvalidNameError('A name must not contain control characters.');
  return new MalformedRequestError(
    error,
    'The form could not be read: it is cut off, or not multipart/form-data.',
  );
}

function joined(pieces: readonly Buffer[]): Buffer {
  const [first] = pieces;
  return pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
}
