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
}
