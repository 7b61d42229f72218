import type { FileMetadata, HomeServerEvent, UserEventType } from '@homeserver/dto';

export const EVENTS_START = Date.UTC(2026, 7, 14, 12);

export interface EventValues {
  readonly id: number;
  readonly type: 'created' | 'changed' | 'moved' | 'deleted';
  readonly filename: string;
  /** After `EVENTS_START`. */
  readonly minute?: number;
  /** Of a move. */
  readonly previousName?: string;
  readonly kind?: FileMetadata['kind'];
  readonly fileId?: string;
}

export function exampleEvent(values: EventValues): HomeServerEvent {
  const envelope = envelopeOf(values);
  const file = exampleFile(values, envelope.time);
  if (values.type === 'moved') {
    const previous = {
      driveId: 'drive',
      parentId: null,
      filename: values.previousName ?? values.filename,
    };
    return { ...envelope, type: 'homeserver.file.moved', data: { file, previous } };
  }
  return { ...envelope, type: `homeserver.file.${values.type}`, data: { file } };
}

/** @param versionId of the earlier version that it is about */
export function exampleCorruption(
  id: number,
  filename: string,
  versionId?: string,
): HomeServerEvent {
  const envelope = envelopeOf({ id });
  const file = exampleFile({ id, type: 'changed', filename, fileId: filename }, envelope.time);
  const data = { file, ...(versionId === undefined ? {} : { versionId }) };
  return { ...envelope, type: 'homeserver.file.corrupted', data };
}

export function exampleUserEvent(
  id: number,
  type: UserEventType,
  username: string,
): HomeServerEvent {
  return { ...envelopeOf({ id }), type, data: { username, detail: null } };
}

export function exampleGrant(
  id: number,
  username: string,
  access: 'none' | 'read' | 'write',
): HomeServerEvent {
  const data = { driveName: 'Media', username, access };
  return { ...envelopeOf({ id }), type: 'homeserver.drive.granted', data };
}

export function exampleDriveEvent(
  id: number,
  type: Extract<HomeServerEvent['type'], 'homeserver.drive.offline' | 'homeserver.drive.online'>,
): HomeServerEvent {
  return { ...envelopeOf({ id }), type, data: { driveName: 'Media' } };
}

export function exampleJobFailure(id: number): HomeServerEvent {
  const data = { title: 'Copy of “Summer”', code: 'drives.full', detail: 'The drive is full.' };
  return { ...envelopeOf({ id }), type: 'homeserver.job.failed', data };
}

function envelopeOf(values: Pick<EventValues, 'id' | 'minute'>) {
  return {
    specversion: '1.0' as const,
    id: String(values.id),
    source: '/homeserver',
    time: new Date(EVENTS_START + (values.minute ?? 0) * 60_000).toISOString(),
    subject: `examples/${values.id}`,
    datacontenttype: 'application/json' as const,
  };
}

function exampleFile(values: EventValues, time: string): FileMetadata {
  return {
    id: values.fileId ?? `file-${values.id}`,
    kind: values.kind ?? 'file',
    driveId: 'drive',
    parentId: null,
    filename: values.filename,
    contentType: null,
    size: 1,
    storagePath: values.filename,
    sha256: null,
    uploadDate: time,
    modifiedAt: time,
    tags: [],
    nature: 'plain',
    linkTarget: null,
    fileCount: values.kind === 'folder' ? 0 : null,
    folderCount: values.kind === 'folder' ? 0 : null,
    corruptedAt: null,
    version: 1,
  };
}
