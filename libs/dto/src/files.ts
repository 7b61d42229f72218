import * as z from 'zod';

import { idSchema } from './identifier';
import { nameSchema, searchTextSchema } from './names';
import { pageQueryShape, pageSchema } from './paging';
import { tagListSchema } from './tags';
import { wholeNumberInQuery } from './whole-number';

export const fileMetadataExample = {
  id: '0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c',
  kind: 'file' as const,
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
  nature: 'plain' as const,
  linkTarget: null,
  fileCount: null,
  folderCount: null,
  corruptedAt: null,
  version: 1,
};

/** What is special about an entry. */
export const entryNatureSchema = z
  .enum(['plain', 'link', 'mount', 'unreadable'])
  .describe(
    'link: a symbolic link, shown and never followed; mount: another filesystem is mounted on this folder, and is not served; unreadable: the system does not let HomeServer look into it',
  );

const fileMetadataShape = {
  id: z.uuid(),
  kind: z.enum(['file', 'folder']),
  driveId: z.uuid(),
  parentId: z.uuid().nullable().describe('The folder it lies in; null for the root of a drive'),
  filename: z.string(),
  contentType: z
    .string()
    .nullable()
    .describe('Decided from the bytes and the name; null for a folder'),
  size: z.int().describe('Bytes; of a folder, of all that is in it'),
  storagePath: z.string().describe('The path inside the drive'),
  sha256: z.string().nullable().describe('Lowercase hex; null for a folder, or while unknown'),
  uploadDate: z.iso.datetime(),
  modifiedAt: z.iso.datetime(),
  tags: z.array(z.string()),
  nature: entryNatureSchema,
  linkTarget: z.string().nullable().describe('Where a symbolic link points to; null for all else'),
  fileCount: z.int().nullable().describe('Files in a folder and all below it; null for a file'),
  folderCount: z.int().nullable().describe('Folders in a folder and all below it; null for a file'),
  corruptedAt: z.iso
    .datetime()
    .nullable()
    .describe(
      'When its bytes were found to be others than those that were stored, without anybody writing to it; null while they are as they should be',
    ),
  version: z.int().describe('Begins at 1 and rises with every change; its ETag is "v<version>"'),
};

/** What a scanner of viruses said of an upload. */
export const scanMarkSchema = z.enum(['clean', 'not_scanned']);
export type ScanMark = z.output<typeof scanMarkSchema>;

/** An entry: a file or a folder of a drive. */
export const fileMetadataSchema = z
  .object(fileMetadataShape)
  .meta({ id: 'FileMetadata', examples: [fileMetadataExample] });

/** An entry with the folders above it, the drive's root first. */
export const fileDetailsSchema = z
  .object({
    ...fileMetadataShape,
    ancestors: z.array(z.object({ id: z.uuid(), filename: z.string() })),
    scan: scanMarkSchema
      .nullable()
      .describe(
        'clean: a scanner of viruses found nothing when it was uploaded; not_scanned: it could not be scanned, and was accepted; null: no scanner was asked, or the file was changed on the disk since',
      ),
  })
  .meta({
    id: 'FileDetails',
    examples: [
      {
        ...fileMetadataExample,
        ancestors: [{ id: '0198c0dd-2222-7c5b-9a51-0d5a3b1f2e4c', filename: 'Files' }],
        scan: null,
      },
    ],
  });

export const filePageSchema = pageSchema(fileMetadataSchema).meta({ id: 'FilePage' });

export const fileSortSchema = z.enum(['name', 'size', 'uploadDate', 'modifiedAt']);
export const sortOrderSchema = z.enum(['asc', 'desc']);

/** With `folderId` its direct children; with `driveId` alone those of its root; with neither the newest files of all drives. */
export const listFilesQuerySchema = z.object({
  ...pageQueryShape,
  driveId: idSchema.optional(),
  folderId: idSchema.optional(),
  tag: z
    .union([searchTextSchema, z.array(searchTextSchema)])
    .optional()
    .describe('Entries that bear all of these tags, searched in the whole tree below'),
  kind: z.enum(['file', 'folder']).optional().describe('Only files, or only folders'),
  q: searchTextSchema.optional().describe('A part of the name, searched in the whole tree below'),
  sort: fileSortSchema.optional().describe('name, or uploadDate where no folder or drive is given'),
  order: sortOrderSchema.optional().describe('asc for names, desc for sizes and dates'),
});

export const conflictSchema = z
  .enum(['rename', 'version', 'fail'])
  .describe(
    'What to do when the name is taken. rename: the next free one; version: it is the new content of the file that bears the name, and what that had is kept as a version; fail: 409',
  );

/** What an upload says of itself in the query, known before any byte of the body arrives. */
export const uploadQuerySchema = z.object({
  driveId: idSchema.optional(),
  folderId: idSchema.optional(),
});

/** The fields of the multipart body beside the part `file`. */
export const uploadFieldsSchema = z.strictObject({
  driveId: idSchema.optional(),
  folderId: idSchema.optional(),
  conflict: conflictSchema.default('rename'),
  tags: tagListSchema.default([]),
});

/** A change of an entry; what is absent stays. */
export const patchFileSchema = z
  .strictObject({
    filename: nameSchema.optional(),
    parentId: idSchema
      .nullable()
      .optional()
      .describe('The folder to move it to; null means the root'),
    driveId: idSchema.optional(),
    tags: tagListSchema.optional().describe('Replaces all tags'),
  })
  .meta({ id: 'PatchFile', examples: [{ filename: 'Ferry.pdf', tags: ['holiday'] }] });

/** Makes a folder; absent or null `parentId` is the root of the drive. */
export const newFolderSchema = z
  .strictObject({
    driveId: idSchema.optional(),
    parentId: idSchema.nullable().optional(),
    filename: nameSchema,
    conflict: z
      .enum(['fail', 'use'])
      .default('fail')
      .describe('use: where there is a folder with this name, it is answered, with 200'),
  })
  .meta({ id: 'NewFolder', examples: [{ filename: 'Photos 2026' }] });

/** Smaller files are sent as quickly as they are looked for. */
export const LEAST_KNOWN_BYTES = 1_048_576;

/** What is looked for before the bytes of a file are sent. */
export const knownFilesQuerySchema = z.object({
  size: z.coerce.number<string>().int().min(0).max(Number.MAX_SAFE_INTEGER).describe('Bytes'),
  filename: z.string().optional().describe('Only files with this name'),
  folderId: idSchema.optional().describe('Only files that lie in this folder itself'),
});

export const knownFilesSchema = z
  .object({ items: z.array(fileMetadataSchema).describe('The newest first, at most 20') })
  .meta({ id: 'KnownFiles', examples: [{ items: [fileMetadataExample] }] });

/** Where a copy goes; its name is made free with a number where it is taken. */
export const copyFileSchema = z
  .strictObject({
    driveId: idSchema.optional().describe('Where `parentId` is null: the drive'),
    parentId: idSchema.nullable().describe('The folder that it goes to; null means the root'),
    filename: nameSchema.optional(),
  })
  .meta({ id: 'CopyFile', examples: [{ parentId: '0198c0dd-2222-7c5b-9a51-0d5a3b1f2e4c' }] });

const DEFAULT_USAGE_DEPTH = 2;
const MAXIMUM_USAGE_DEPTH = 4;

export const usageQuerySchema = z.object({
  depth: wholeNumberInQuery(1, MAXIMUM_USAGE_DEPTH).default(DEFAULT_USAGE_DEPTH),
});

/** A part of a usage map. What is too small to be told by itself is added up in `rest`. */
export interface UsageNode {
  id: string;
  filename: string;
  kind: 'file' | 'folder';
  contentType: string | null;
  size: number;
  fileCount: number;
  children: UsageNode[];
  rest: { entryCount: number; size: number } | null;
}

export const usageNodeSchema: z.ZodType<UsageNode> = z
  .object({
    id: z.uuid(),
    filename: z.string(),
    kind: z.enum(['file', 'folder']),
    contentType: z.string().nullable(),
    size: z.int().describe('Bytes, of a folder of all that is in it'),
    fileCount: z.int().describe('Files in it; 1 for a file'),
    get children() {
      return z.array(usageNodeSchema).describe('The largest entries in it, the largest first');
    },
    rest: z
      .object({ entryCount: z.int(), size: z.int() })
      .nullable()
      .describe('Entries in it that are not told one by one'),
  })
  .meta({
    id: 'UsageNode',
    examples: [
      {
        id: '0198c0dd-2222-7c5b-9a51-0d5a3b1f2e4c',
        filename: 'Photos',
        kind: 'folder',
        contentType: null,
        size: 48213000,
        fileCount: 214,
        children: [],
        rest: { entryCount: 214, size: 48213000 },
      },
    ],
  });

/** `?permanent=1`; anything else is not permanent. */
/** Of a deletion by a program of more entries than it can have meant by mistake. */
export const confirmManySchema = z
  .literal('many')
  .optional()
  .describe('With a token, for more than 1,000 entries at once');

export const deleteFileQuerySchema = z.object({
  permanent: z.enum(['0', '1']).optional().describe('1 deletes for good'),
  confirm: confirmManySchema,
});

export const downloadQuerySchema = z.object({
  inline: z
    .enum(['0', '1'])
    .optional()
    .describe('1 shows it in the browser, under a policy that runs nothing'),
});

const MAXIMUM_ZIP_IDS = 200;

/** What is to be packed together. */
export const zipQuerySchema = z.object({
  ids: z
    .preprocess(
      (given) => (typeof given === 'string' ? given.split(',') : given),
      z
        .array(idSchema, { error: `Ids of files and folders, at most ${MAXIMUM_ZIP_IDS}.` })
        .min(1)
        .max(MAXIMUM_ZIP_IDS, { error: `At most ${MAXIMUM_ZIP_IDS} ids.` }),
    )
    .describe('Separated by commas, or repeated'),
});

export type FileMetadata = z.infer<typeof fileMetadataSchema>;
export type FileDetails = z.infer<typeof fileDetailsSchema>;
export type FilePage = z.infer<typeof filePageSchema>;
export type FileSort = z.infer<typeof fileSortSchema>;
export type SortOrder = z.infer<typeof sortOrderSchema>;
export type ListFilesQuery = z.infer<typeof listFilesQuerySchema>;
export type Conflict = z.infer<typeof conflictSchema>;
export type UploadQuery = z.infer<typeof uploadQuerySchema>;
export type UploadFields = z.infer<typeof uploadFieldsSchema>;
export type PatchFile = z.infer<typeof patchFileSchema>;
export type EntryNature = z.infer<typeof entryNatureSchema>;
export type NewFolder = z.infer<typeof newFolderSchema>;
export type KnownFilesQuery = z.infer<typeof knownFilesQuerySchema>;
export type KnownFiles = z.infer<typeof knownFilesSchema>;
export type CopyFile = z.infer<typeof copyFileSchema>;
export type DeleteFileQuery = z.infer<typeof deleteFileQuerySchema>;
export type UsageQuery = z.infer<typeof usageQuerySchema>;
