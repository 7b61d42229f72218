import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { hashRecoveryCode, newRecoveryCode, RECOVERY_CODES } from './recovery-code';
import { RecoveryCodesRepository } from './recovery-codes.repository';

/** For the day on which the phone is lost: each lets its user in once, beside the password. */
@Injectable()
export class RecoveryCodes {
  constructor(private readonly repository: RecoveryCodesRepository) {}

  /** Makes ten codes; the former ones are void. @returns them, this once: only their hashes are kept */
  async make(userId: string, manager: EntityManager): Promise<string[]> {
    const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
    await this.repository.replace(userId, codes.map(hashRecoveryCode), manager);
    return codes;
  }

  /** Without a factor there is nothing that they could stand in for. */
  async void(userId: string, manager: EntityManager): Promise<void> {
    await this.repository.replace(userId, [], manager);
  }

  /** @returns how many are left after this one; null when it is none of theirs, or was used */
  async use(userId: string, code: string, manager: EntityManager): Promise<number | null> {
    const isUsed = await this.repository.use(userId, hashRecoveryCode(code), manager);
    return isUsed ? this.repository.count(userId, manager) : null;
  }

  async countLeft(userId: string): Promise<number> {
    return this.repository.count(userId);
  }
}
