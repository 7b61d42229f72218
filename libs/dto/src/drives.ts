import * as z from 'zod';

import { idSchema } from './identifier';
import { nameSchema } from './names';
import { pageSchema } from './paging';

export const driveStateSchema = z.enum(['online', 'offline', 'replaced']);

export const accessSchema = z.enum(['none', 'read', 'write']);

/** What somebody may do on a drive whose files they see. */
export const grantedAccessSchema = z.enum(['read', 'write']);

/** How far the index of a drive is, and how changes from outside are noticed. */
export const driveIndexSchema = z.object({
  state: z
    .enum(['idle', 'scanning', 'attention', 'failed'])
    .describe('attention: a scan stopped and asks, see `attention`; failed: it is tried again'),
  scannedCount: z
    .int()
    .describe('Entries that the scan under way has seen; else those in the index'),
  watching: z
    .enum(['notifications', 'polling', 'none'])
    .describe('Notifications of the system, looks at the folders every so often, or neither'),
  scannedAt: z.iso.datetime().nullable().describe('When the last scan came to its end'),
});

/** A scan found that much of a drive is gone, and stopped: an administrator decides. */
export const massRemovalSchema = z.object({
  reason: z.literal('mass_removal'),
  missingCount: z.int().describe('Entries that are no longer on the disk'),
  entryCount: z.int().describe('Entries that the drive had'),
  since: z.iso.datetime(),
});

/** Why somebody should look after a drive. What asks for a decision comes before what is only told. */
export const driveAttentionSchema = z.discriminatedUnion('reason', [
  massRemovalSchema,
  z.object({
    reason: z.literal('corrupted'),
    corruptedCount: z
      .int()
      .describe('Files whose bytes have changed on the disk without anybody writing to them'),
    since: z.iso.datetime().describe('When the first of them was found'),
  }),
]);

const MAXIMUM_PATTERNS = 100;

/** One name or path pattern: `*`, `?` and `[…]` within a name; with a slash it is a path from the root. */
export const excludePatternSchema = z
  .string()
  .trim()
  .min(1)
  .max(255)
  .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed() && !text.startsWith('/'), {
    error:
      'A pattern is a name such as *.tmp, or a path such as Backups/old, without leading slash.',
  });

/** What a drive leaves out unless it is told otherwise: names that systems, not people, make. */
export const DEFAULT_EXCLUDES = [
  '.DS_Store',
  '._*',
  '.Spotlight-V100',
  '.Trashes',
  '.fseventsd',
  '.TemporaryItems',
  '@eaDir',
  '#recycle',
  '$RECYCLE.BIN',
  'System Volume Information',
  'Thumbs.db',
  'lost+found',
  'node_modules',
];

/** How long the trash of a drive keeps something, and how much of the disk all of it may take. */
export const DEFAULT_TRASH_DAYS = 30;
export const DEFAULT_TRASH_PERCENT = 10;
const MAXIMUM_TRASH_DAYS = 3650;
/** How much of the disk the earlier contents of files may take. */
export const DEFAULT_VERSIONS_PERCENT = 10;

/** A type of files: `image/png`, or `image/*` for all of its kind. */
export const typePatternSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(127)
  .regex(/^[a-z0-9][a-z0-9!#$&^_.+-]*\/(\*|[a-z0-9][a-z0-9!#$&^_.+-]*)$/, {
    error: 'A type of files is written as image/png, or as image/* for all of its kind.',
  });

/** A user or a group of the machine, by its name or its number. */
const ownerSchema = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$/, {
    error: 'A user or group of this machine, by its name or its number.',
  })
  .nullable();

const modeSchema = z
  .string()
  .regex(/^[0-7]{3,4}$/, { error: 'A mode in octal digits, such as 0644.' })
  .nullable();

/** How a drive is served. */
export const driveSettingsSchema = z.object({
  path: z.string().describe('Where it lies on the machine'),
  excludes: z.array(z.string()).describe('Names and paths that are left out'),
  showHidden: z.boolean().describe('Whether names that begin with a dot are shown'),
  crossMounts: z.boolean().describe('Whether other filesystems mounted below are served, too'),
  fileOwner: z.string().nullable().describe('Who owns new files; null: whom HomeServer runs as'),
  fileGroup: z.string().nullable().describe('The group of new files; null: as the system has it'),
  fileMode: z.string().nullable().describe('The mode of new files in octal; null: 0644'),
  folderMode: z.string().nullable().describe('The mode of new folders in octal; null: 0755'),
  trashDays: z.int().describe('How many days the trash keeps something'),
  trashMaxPercent: z
    .int()
    .describe('How much of the disk the trash may take; then the oldest goes first'),
  versionsMaxPercent: z
    .int()
    .describe(
      'How much of the disk the earlier versions of files may take; then the oldest goes first',
    ),
  acceptedTypes: z
    .array(z.string())
    .describe('Types of files that are taken, such as image/*; empty: all'),
  refusedTypes: z.array(z.string()).describe('Types of files that are not taken all the same'),
});

const changeableSettings = {
  excludes: z.array(excludePatternSchema).max(MAXIMUM_PATTERNS),
  showHidden: z.boolean(),
  crossMounts: z.boolean(),
  fileOwner: ownerSchema,
  fileGroup: ownerSchema,
  fileMode: modeSchema,
  folderMode: modeSchema,
  trashDays: z.int().min(1).max(MAXIMUM_TRASH_DAYS),
  trashMaxPercent: z.int().min(1).max(100),
  versionsMaxPercent: z.int().min(1).max(100),
  acceptedTypes: z.array(typePatternSchema).max(MAXIMUM_PATTERNS),
  refusedTypes: z.array(typePatternSchema).max(MAXIMUM_PATTERNS),
};

/** Adds a folder, or a mounted disk, as a drive. Nothing on it is changed but for the marker in `.homeserver`. */
export const newDriveSchema = z
  .strictObject({
    name: nameSchema,
    path: z.string().min(1).max(4096).describe('An absolute path on the machine'),
    readOnly: z.boolean().default(false),
    settings: z.strictObject(changeableSettings).partial().optional(),
  })
  .meta({ id: 'NewDrive', examples: [{ name: 'Media', path: '/mnt/media', readOnly: true }] });

/** A change of a drive; what is absent stays. */
export const patchDriveSchema = z
  .strictObject({
    name: nameSchema.optional(),
    readOnly: z.boolean().optional(),
    settings: z.strictObject(changeableSettings).partial().optional(),
  })
  .meta({ id: 'PatchDrive', examples: [{ name: 'Films', settings: { showHidden: false } }] });

export const scanDriveSchema = z
  .strictObject({
    full: z
      .boolean()
      .default(false)
      .describe('Looks at every file, not only into folders whose time has changed'),
  })
  .meta({ id: 'ScanDrive', examples: [{ full: true }] });

/** What becomes of the entries that a scan found gone. */
export const decideAttentionSchema = z
  .strictObject({
    decision: z
      .enum(['forget', 'keep'])
      .describe(
        'forget: they are taken as deleted; keep: they stay known, and it is not asked again until more is gone',
      ),
  })
  .meta({ id: 'DecideAttention', examples: [{ decision: 'forget' }] });

/** A drive: a folder tree that is served. */
export const driveSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    rootFolderId: z.uuid(),
    kind: z.enum(['posix', 's3']),
    state: driveStateSchema,
    readOnly: z.boolean(),
    access: accessSchema.describe(
      'What you may do there; none only where an administrator asks for all',
    ),
    ownerId: z.uuid().nullable().describe('Whose personal drive it is; null: it is shared'),
    usedBytes: z.int().describe('Bytes of the files on it that HomeServer knows'),
    freeBytes: z.int().nullable().describe('What its filesystem has left; null while offline'),
    totalBytes: z.int().nullable().describe('The size of its filesystem; null while offline'),
    entryCount: z.int().describe('Files and folders on it, its root not counted'),
    index: driveIndexSchema,
    attention: driveAttentionSchema.nullable(),
    corruptedCount: z
      .int()
      .describe('Its files that are corrupted, those in its trash and earlier versions too'),
    settings: driveSettingsSchema
      .nullable()
      .describe('Only where an administrator asks for all drives'),
  })
  .meta({
    id: 'Drive',
    examples: [
      {
        id: '0198c0dd-1111-7c5b-9a51-0d5a3b1f2e4c',
        name: 'Files',
        rootFolderId: '0198c0dd-2222-7c5b-9a51-0d5a3b1f2e4c',
        kind: 'posix',
        state: 'online',
        readOnly: false,
        access: 'write',
        ownerId: null,
        usedBytes: 48213000,
        freeBytes: 1220000000000,
        totalBytes: 2000000000000,
        entryCount: 214,
        index: {
          state: 'idle',
          scannedCount: 214,
          watching: 'notifications',
          scannedAt: '2026-08-02T17:04:11.000Z',
        },
        attention: null,
        corruptedCount: 0,
        settings: null,
      },
    ],
  });

/** The default drive first, then by name. */
export const drivePageSchema = pageSchema(driveSchema).meta({ id: 'DrivePage' });

/** Who may do what on a drive: every user once. */
export const driveGrantsSchema = z
  .object({ items: z.array(z.object({ userId: z.uuid(), access: accessSchema })) })
  .meta({
    id: 'DriveGrants',
    examples: [{ items: [{ userId: '0198c0da-5555-7c5b-9a51-0d5a3b1f2e4c', access: 'read' }] }],
  });

export const replaceGrantsSchema = z
  .strictObject({
    items: z
      .array(z.strictObject({ userId: idSchema, access: accessSchema }))
      .max(10_000)
      .describe('Who is not named gets none; the owner of a personal drive keeps write'),
  })
  .meta({
    id: 'ReplaceGrants',
    examples: [{ items: [{ userId: '0198c0da-5555-7c5b-9a51-0d5a3b1f2e4c', access: 'read' }] }],
  });

export const listDrivesQuerySchema = z.object({
  all: z
    .enum(['0', '1'])
    .optional()
    .describe('1: every drive, also those that you may not read; for administrators'),
});

export type ListDrivesQuery = z.infer<typeof listDrivesQuerySchema>;
export type GrantedAccess = z.infer<typeof grantedAccessSchema>;
export type Access = z.infer<typeof accessSchema>;
export type DriveGrants = z.infer<typeof driveGrantsSchema>;
export type ReplaceGrants = z.infer<typeof replaceGrantsSchema>;
export type DriveState = z.infer<typeof driveStateSchema>;
export type Drive = z.infer<typeof driveSchema>;
export type DrivePage = z.infer<typeof drivePageSchema>;
export type DriveIndex = z.infer<typeof driveIndexSchema>;
export type MassRemoval = z.infer<typeof massRemovalSchema>;
export type DriveAttention = z.infer<typeof driveAttentionSchema>;
export type DriveSettings = z.infer<typeof driveSettingsSchema>;
export type NewDrive = z.infer<typeof newDriveSchema>;
export type PatchDrive = z.infer<typeof patchDriveSchema>;
export type ScanDrive = z.infer<typeof scanDriveSchema>;
export type DecideAttention = z.infer<typeof decideAttentionSchema>;
