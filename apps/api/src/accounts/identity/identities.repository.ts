import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

/** Which account of an identity provider is whose. */
@Injectable()
export class IdentitiesRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async isLinked(userId: string, issuer: string): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(
      `select 1 from identities where user_id = $1 and issuer = $2`,
      [userId, issuer],
    );
    return rows.length > 0;
  }
}
