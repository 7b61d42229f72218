import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

import { Inject, Injectable } from '@nestjs/common';

import { CONFIG, type Config } from '../../platform/config/config';
import { writeDurably } from '../../platform/filesystem/durable-file.adapter';
import { newSecret } from '../secret';

/** 80 random bits: short enough to be typed, and nobody has the attempts to guess them. */
const CHARACTERS = 16;
const GROUPS = /.{4}(?=.)/g;
const TOKEN = /^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/;

/** The token that proves that whoever sets HomeServer up can see its console or its files. */
@Injectable()
export class SetupTokenFile {
  private readonly file: string;

  constructor(@Inject(CONFIG) config: Config) {
    this.file = path.join(config.dataDir, 'setup-token');
  }

  /**
   * The token, which is made where there is none; the same one over restarts. A file that holds none, such as one
   * that somebody has emptied, counts as absent: nothing at all would be a token that everybody knows.
   */
  readOrMake(): string {
    const present = existsSync(this.file) ? readFileSync(this.file, 'utf8').trim() : '';
    if (TOKEN.test(present)) return present;
    const token = newSecret().slice(0, CHARACTERS).replace(GROUPS, '$&-');
    writeDurably(this.file, `${token}\n`);
    return token;
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }
}
