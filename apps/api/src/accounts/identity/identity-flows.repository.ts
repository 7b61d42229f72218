import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

/** Somebody who was led to the identity provider, and is to come back. */
export interface IdentityFlowRow {
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Who links an account; null: somebody signs in. */
  readonly linkingUserId: string | null;
  /** Whether the provider was asked to have them prove who they are, although it may know them still. */
  readonly isAgain: boolean;
  /** A path of ours. */
  readonly returnTo: string;
}

export interface NewIdentityFlow extends IdentityFlowRow {
  readonly stateHash: Buffer;
  /** Of what the browser keeps in a cookie. */
  readonly browserHash: Buffer;
}

const HOLDS_FOR = `interval '10 minutes'`;

@Injectable()
export class IdentityFlowsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** What is over goes at the same time: anybody may begin, and most of what nobody ends must not pile up. */
  async insert(flow: NewIdentityFlow): Promise<void> {
    const { stateHash, browserHash, nonce, codeVerifier, linkingUserId, isAgain, returnTo } = flow;
    await this.dataSource.query(
      `with over as (delete from identity_flows where expires_at <= now())
       insert into identity_flows (state_hash, browser_hash, nonce, code_verifier, linking_user_id, is_again, return_to, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, now() + ${HOLDS_FOR})`,
      [stateHash, browserHash, nonce, codeVerifier, linkingUserId, isAgain, returnTo],
    );
  }

  /** Takes it for good: it works once, and in the browser alone that it was begun in. */
  async take(stateHash: Buffer, browserHash: Buffer): Promise<IdentityFlowRow | null> {
    const [rows]: [IdentityFlowRow[], number] = await this.dataSource.query(
      `delete from identity_flows where state_hash = $1 and browser_hash = $2 and expires_at > now()
       returning nonce, code_verifier as "codeVerifier", linking_user_id as "linkingUserId",
         is_again as "isAgain", return_to as "returnTo"`,
      [stateHash, browserHash],
    );
    return rows[0] ?? null;
  }
}
