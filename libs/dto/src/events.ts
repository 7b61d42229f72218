import * as z from 'zod';

import { accessSchema } from './drives';
import { fileMetadataSchema, sortOrderSchema } from './files';
import { pageQueryShape, pageSchema } from './paging';

const envelope = {
  specversion: z.literal('1.0'),
  id: z
    .string()
    .regex(/^\d+$/)
    .describe('The position in the log: decimal, ascending, without gaps'),
  source: z.string().describe('Names this server'),
  time: z.iso.datetime(),
  subject: z.string().describe('What it happened to, such as files/<id>'),
  datacontenttype: z.literal('application/json'),
};

/** What happens to accounts; only administrators see these. */
const USER_EVENT_TYPES = [
  'homeserver.user.signed_in',
  'homeserver.user.sign_in_failed',
  'homeserver.user.signed_out',
  'homeserver.user.created',
  'homeserver.user.changed',
  'homeserver.user.deleted',
  'homeserver.user.password_changed',
  'homeserver.user.session_ended',
  'homeserver.user.token_created',
  'homeserver.user.token_deleted',
  'homeserver.user.factor_added',
  'homeserver.user.factor_removed',
  'homeserver.user.recovery_codes_made',
  'homeserver.user.identity_linked',
  'homeserver.user.upload_infected',
] as const;
export type UserEventType = (typeof USER_EVENT_TYPES)[number];

const userEventData = z.object({
  username: z
    .string()
    .describe('Of the account that it is about; of a failed sign-in as it was given'),
  detail: z.string().nullable().describe('More about it, for a person'),
});

/** What becomes of drives: whether they are there, and what administrators do with them. */
const DRIVE_EVENT_TYPES = [
  'homeserver.drive.online',
  'homeserver.drive.offline',
  'homeserver.drive.replaced',
  'homeserver.drive.attention',
  'homeserver.drive.indexed',
  'homeserver.drive.added',
  'homeserver.drive.changed',
  'homeserver.drive.forgotten',
] as const;
export type DriveEventType = (typeof DRIVE_EVENT_TYPES)[number];

const fileEventData = z.object({ file: fileMetadataSchema });

/** A CloudEvents 1.0 event of the log, discriminated on `type`. */
export const homeServerEventSchema = z
  .discriminatedUnion('type', [
    z.object({ ...envelope, type: z.literal('homeserver.file.created'), data: fileEventData }),
    z.object({ ...envelope, type: z.literal('homeserver.file.changed'), data: fileEventData }),
    z.object({
      ...envelope,
      type: z.literal('homeserver.file.moved'),
      data: z.object({
        file: fileMetadataSchema,
        previous: z
          .object({ driveId: z.uuid(), parentId: z.uuid().nullable(), filename: z.string() })
          .describe('Where it was'),
      }),
    }),
    z.object({
      ...envelope,
      type: z.literal('homeserver.file.trashed'),
      data: fileEventData.describe('The file as it was: in the trash it keeps its id'),
    }),
    z.object({ ...envelope, type: z.literal('homeserver.file.deleted'), data: fileEventData }),
    z.object({ ...envelope, type: z.literal('homeserver.file.restored'), data: fileEventData }),
    z.object({
      ...envelope,
      type: z.literal('homeserver.file.corrupted'),
      data: z
        .object({
          file: fileMetadataSchema,
          versionId: z
            .uuid()
            .optional()
            .describe('The earlier version that it is about; absent: the file itself'),
        })
        .describe('The bytes of the file are no longer those that were stored'),
    }),
    ...DRIVE_EVENT_TYPES.map((type) =>
      z.object({ ...envelope, type: z.literal(type), data: z.object({ driveName: z.string() }) }),
    ),
    z.object({
      ...envelope,
      type: z.literal('homeserver.job.failed'),
      data: z.object({ title: z.string(), code: z.string(), detail: z.string() }),
    }),
    ...USER_EVENT_TYPES.map((type) =>
      z.object({ ...envelope, type: z.literal(type), data: userEventData }),
    ),
    z.object({
      ...envelope,
      type: z.literal('homeserver.drive.granted'),
      data: z.object({
        driveName: z.string(),
        username: z.string(),
        access: accessSchema,
      }),
    }),
  ])
  .meta({
    id: 'HomeServerEvent',
    examples: [
      {
        specversion: '1.0',
        id: '1042',
        source: '/homeserver',
        type: 'homeserver.file.created',
        time: '2026-08-02T17:04:11.000Z',
        subject: 'files/0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c',
        datacontenttype: 'application/json',
        data: {
          file: {
            id: '0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c',
            kind: 'file',
            driveId: '0198c0dd-1111-7c5b-9a51-0d5a3b1f2e4c',
            parentId: '0198c0dd-2222-7c5b-9a51-0d5a3b1f2e4c',
            filename: 'Ferry tickets.pdf',
            contentType: 'application/pdf',
            size: 188416,
            storagePath: 'Ferry tickets.pdf',
            sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
            uploadDate: '2026-08-02T17:04:11.000Z',
            modifiedAt: '2026-08-02T17:04:11.000Z',
            tags: ['holiday', 'to print'],
            version: 1,
            nature: 'plain',
            linkTarget: null,
            fileCount: null,
            folderCount: null,
            corruptedAt: null,
          },
        },
      },
    ],
  });

export const eventPageSchema = pageSchema(homeServerEventSchema).meta({ id: 'EventPage' });

/** Comma-separated; a trailing `*` stands for any rest. */
export const eventTypesSchema = z
  .string()
  .regex(
    /^[a-z_.]+\*?(,[a-z_.]+\*?)*$|^\*$/,
    'Event types, separated by commas; a trailing * is allowed.',
  )
  .optional()
  .describe('Such as homeserver.file.*; all types where absent');

/** A position in the log. Absent: only what is new; `0`: from the oldest kept. */
export const eventPositionSchema = z
  .string()
  .regex(/^\d{1,18}$/, 'The id of an event, or 0.')
  .optional()
  .describe('Events after this id; only what is new where absent; 0 from the oldest kept');

export const listEventsQuerySchema = z.object({
  ...pageQueryShape,
  types: eventTypesSchema,
  after: eventPositionSchema,
  order: sortOrderSchema.optional().describe('desc answers the newest first, whatever after says'),
});

export const eventSocketQuerySchema = z.object({
  types: eventTypesSchema,
  after: eventPositionSchema,
});

export type HomeServerEvent = z.infer<typeof homeServerEventSchema>;
export type EventPage = z.infer<typeof eventPageSchema>;
export type ListEventsQuery = z.infer<typeof listEventsQuerySchema>;
export type EventSocketQuery = z.infer<typeof eventSocketQuerySchema>;
