import * as z from 'zod';

import { idSchema } from './identifier';
import { pageQueryShape, pageSchema } from './paging';
import { eventTypesSchema } from './events';

/** Who did what, when and from where: an event of the log with what the log keeps about its cause. */
export const auditEntrySchema = z
  .object({
    id: z.string().describe('The id of the event'),
    time: z.iso.datetime(),
    type: z.string().describe('Such as homeserver.user.signed_in or homeserver.file.deleted'),
    subject: z.string().describe('What it happened to, such as files/<id>'),
    actorId: z.uuid().nullable().describe('null: nobody that has an account, or HomeServer itself'),
    actorName: z.string().nullable().describe('The user name at that time'),
    clientAddress: z.string().nullable().describe('From where; null: from within'),
    summary: z.string().describe('What it is about, such as the name of the file or of the user'),
  })
  .meta({
    id: 'AuditEntry',
    examples: [
      {
        id: '1042',
        time: '2026-08-02T17:04:11.000Z',
        type: 'homeserver.file.deleted',
        subject: 'files/0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c',
        actorId: '0198c0da-5555-7c5b-9a51-0d5a3b1f2e4c',
        actorName: 'anna',
        clientAddress: '192.168.1.23',
        summary: 'Ferry tickets.pdf',
      },
    ],
  });

/** The newest first. */
export const auditPageSchema = pageSchema(auditEntrySchema).meta({ id: 'AuditPage' });

export const listAuditQuerySchema = z.object({
  ...pageQueryShape,
  types: eventTypesSchema,
  actorId: idSchema.optional().describe('Only what this user did'),
});

export type AuditEntry = z.infer<typeof auditEntrySchema>;
export type AuditPage = z.infer<typeof auditPageSchema>;
export type ListAuditQuery = z.infer<typeof listAuditQuerySchema>;
