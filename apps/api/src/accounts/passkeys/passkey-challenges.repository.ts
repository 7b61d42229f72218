import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

export interface NewChallenge {
  readonly id: string;
  /** Who adds a passkey; null: somebody signs in, and the passkey will say who. */
  readonly userId: string | null;
  readonly challenge: string;
}

const HOLDS_FOR = `interval '5 minutes'`;

@Injectable()
export class PasskeyChallengesRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** What is over goes at the same time: anybody may ask for challenges, and they must not pile up. */
  async insert({ id, userId, challenge }: NewChallenge): Promise<void> {
    await this.dataSource.query(
      `with over as (delete from passkey_challenges where expires_at <= now())
       insert into passkey_challenges (id, user_id, challenge, expires_at)
       values ($1, $2, $3, now() + ${HOLDS_FOR})`,
      [id, userId, challenge],
    );
  }

  /**
   * Takes a challenge for good: it works once, of two at the same moment for one of them.
   * @param userId whose it has to be
   * @returns null when there is none that holds
   */
  async take(id: string, userId: string | null): Promise<string | null> {
    const [rows]: [{ challenge: string }[], number] = await this.dataSource.query(
      `delete from passkey_challenges
       where id = $1 and user_id is not distinct from $2::uuid and expires_at > now() returning challenge`,
      [id, userId],
    );
    return rows[0]?.challenge ?? null;
  }
}
