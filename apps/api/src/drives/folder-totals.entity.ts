import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** What a folder holds, as of the last time that the changes were added up. bigints are texts. */
@Entity('folder_totals')
export class FolderTotalsEntity {
  @PrimaryColumn('uuid', { name: 'folder_id' })
  folderId!: string;

  @Column('uuid', { name: 'drive_id' })
  driveId!: string;

  @Column('bigint', { name: 'child_count' })
  childCount!: string;

  @Column('bigint', { name: 'file_count' })
  fileCount!: string;

  @Column('bigint', { name: 'total_bytes' })
  totalBytes!: string;
}

/** One change of what a folder holds, not added up yet. */
@Entity('folder_totals_changes')
export class FolderTotalsChangeEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('uuid', { name: 'folder_id' })
  folderId!: string;

  @Column('bigint', { name: 'child_count' })
  childCount!: string;

  @Column('bigint', { name: 'file_count' })
  fileCount!: string;

  @Column('bigint', { name: 'total_bytes' })
  totalBytes!: string;
}
