import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** One change of what a folder holds, not added up yet. bigints are texts. */
@Entity('folder_totals_changes')
export class FolderTotalsChangeEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('uuid', { name: 'drive_id' })
  driveId!: string;

  @Column('uuid', { name: 'folder_id' })
  folderId!: string;

  @Column('bigint', { name: 'child_count' })
  childCount!: string;

  @Column('bigint', { name: 'file_count' })
  fileCount!: string;

  @Column('bigint', { name: 'folder_count' })
  folderCount!: string;

  @Column('bigint', { name: 'total_bytes' })
  totalBytes!: string;
}
