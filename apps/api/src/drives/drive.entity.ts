import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A drive as the database knows it. */
@Entity('drives')
export class DriveEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  @Column('text')
  kind!: 'posix' | 's3';

  /** The entry that is the root of its tree. */
  @Column('uuid', { name: 'root_folder_id' })
  rootFolderId!: string;

  @Column('boolean', { name: 'is_default' })
  isDefault!: boolean;

  @Column('boolean', { name: 'read_only' })
  readOnly!: boolean;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  /** Whose personal drive it is. */
  @Column('uuid', { name: 'owner_id', nullable: true })
  ownerId!: string | null;

  /** Below DATA_DIR; null for a drive that lies elsewhere. */
  @Column('text', { nullable: true })
  folder!: string | null;

  /** Where it lies on the machine, when that is not below DATA_DIR. */
  @Column('text', { nullable: true })
  root!: string | null;

  /** Names and paths that are left out. */
  @Column('text', { array: true })
  excludes!: string[];

  @Column('boolean', { name: 'show_hidden' })
  showHidden!: boolean;

  @Column('boolean', { name: 'cross_mounts' })
  crossMounts!: boolean;

  @Column('text', { name: 'file_owner', nullable: true })
  fileOwner!: string | null;

  @Column('text', { name: 'file_group', nullable: true })
  fileGroup!: string | null;

  /** In octal. */
  @Column('text', { name: 'file_mode', nullable: true })
  fileMode!: string | null;

  @Column('text', { name: 'folder_mode', nullable: true })
  folderMode!: string | null;

  @Column('integer', { name: 'trash_days' })
  trashDays!: number;

  @Column('integer', { name: 'trash_max_percent' })
  trashMaxPercent!: number;

  @Column('integer', { name: 'versions_max_percent' })
  versionsMaxPercent!: number;

  @Column('text', { name: 'accepted_types', array: true })
  acceptedTypes!: string[];

  @Column('text', { name: 'refused_types', array: true })
  refusedTypes!: string[];

  /** What tells its disk from another one under the same path: see drive-identity. */
  @Column('jsonb', { nullable: true })
  identity!: object | null;

  /** As it was last seen; what it is now is looked up. */
  @Column('text')
  state!: 'online' | 'offline' | 'replaced';

  @Column('text', { name: 'index_state' })
  indexState!: 'idle' | 'scanning' | 'attention' | 'failed';

  @Column('text')
  watching!: 'notifications' | 'polling' | 'none';

  /** A bigint, as a text. */
  @Column('bigint', { name: 'scanned_count' })
  scannedCount!: string;

  @Column({ type: 'timestamptz', name: 'scanned_at', precision: 3, nullable: true })
  scannedAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'fully_scanned_at', precision: 3, nullable: true })
  fullyScannedAt!: Date | null;

  /** When the last reading of all its files began that came to its end. */
  @Column({ type: 'timestamptz', name: 'verified_at', precision: 3, nullable: true })
  verifiedAt!: Date | null;

  /** See `massRemovalSchema`. */
  @Column('jsonb', { nullable: true })
  attention!: object | null;

  /** So many entries that are gone an administrator wants to keep as known. A bigint, as a text. */
  @Column('bigint', { name: 'tolerated_count' })
  toleratedCount!: string;
}
