import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** An event of a transaction that may not be committed yet: without a number. */
@Entity('event_outbox')
export class EventOutboxEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('text')
  type!: string;

  @Column('text')
  subject!: string;

  @Column({ type: 'timestamptz', precision: 3 })
  time!: Date;

  @Column('uuid', { name: 'drive_id', nullable: true })
  driveId!: string | null;

  @Column('jsonb')
  data!: unknown;
}

/** An event of the log. */
@Entity('events')
export class EventEntity {
  @PrimaryColumn('bigint')
  position!: string;

  @Column('text')
  type!: string;

  @Column('text')
  subject!: string;

  @Column({ type: 'timestamptz', precision: 3 })
  time!: Date;

  @Column('uuid', { name: 'drive_id', nullable: true })
  driveId!: string | null;

  @Column('jsonb')
  data!: unknown;
}

/** One row: the number of the newest event. */
@Entity('event_position')
export class EventPositionEntity {
  @PrimaryColumn('boolean')
  id!: boolean;

  @Column('bigint')
  position!: string;
}
