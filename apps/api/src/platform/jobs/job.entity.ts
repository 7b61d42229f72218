import type { Job } from '@homeserver/dto';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Work in the background: the queue, its progress, and who is at it (docs/adr/0010). bigints are texts. */
@Entity('jobs')
export class JobEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  kind!: Job['kind'];

  @Column('text')
  state!: Job['state'];

  @Column('text')
  title!: string;

  @Column('uuid', { name: 'drive_id', nullable: true })
  driveId!: string | null;

  @Column('uuid', { name: 'user_id', nullable: true })
  userId!: string | null;

  @Column('jsonb')
  input!: unknown;

  @Column('jsonb', { nullable: true })
  cursor!: unknown;

  @Column('text', { name: 'progress_unit' })
  progressUnit!: Job['progress']['unit'];

  @Column('bigint', { name: 'progress_done' })
  progressDone!: string;

  @Column('bigint', { name: 'progress_total', nullable: true })
  progressTotal!: string | null;

  @Column('boolean', { name: 'is_cancelling' })
  isCancelling!: boolean;

  /** How often it was taken: the fence of the lease. */
  @Column('integer')
  attempts!: number;

  @Column('uuid', { name: 'result_id', nullable: true })
  resultId!: string | null;

  @Column('jsonb', { nullable: true })
  problem!: unknown;

  @Column('uuid', { name: 'lease_holder', nullable: true })
  leaseHolder!: string | null;

  @Column({ type: 'timestamptz', name: 'lease_until', precision: 3, nullable: true })
  leaseUntil!: Date | null;

  /** A queued job waits until then. */
  @Column({ type: 'timestamptz', name: 'not_before', precision: 3, nullable: true })
  notBefore!: Date | null;

  @Column({ type: 'timestamptz', name: 'created_at', precision: 3 })
  createdAt!: Date;

  @Column({ type: 'timestamptz', name: 'started_at', precision: 3, nullable: true })
  startedAt!: Date | null;

  @Column({ type: 'timestamptz', name: 'finished_at', precision: 3, nullable: true })
  finishedAt!: Date | null;
}
