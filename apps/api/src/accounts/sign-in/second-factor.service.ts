import { Injectable } from '@nestjs/common';

/** Checks the codes of second factors. */
@Injectable()
export class SecondFactor {
  /** Whether a code is right; a code is right once. */
  async verify(_userId: string, _code: string): Promise<boolean> {
    return false;
  }
}
