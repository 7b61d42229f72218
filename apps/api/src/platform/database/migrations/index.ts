import { InitialSchema1790000000000 } from './1790000000000-initial-schema';
import { FoldedNames1790000001000 } from './1790000001000-folded-names';
import { Accounts1790000002000 } from './1790000002000-accounts';
import { SecondFactors1790000003000 } from './1790000003000-second-factors';
import { DriveIndex1790000004000 } from './1790000004000-drive-index';
import { FoldersByTime1790000004100 } from './1790000004100-folders-by-time';
import { Uploads1790000005000 } from './1790000005000-uploads';
import { Trash1790000006000 } from './1790000006000-trash';
import { KnownFiles1790000009000 } from './1790000009000-known-files';
import { Versions1790000010000 } from './1790000010000-versions';
import { Integrity1790000011000 } from './1790000011000-integrity';
import { VersionIntegrity1790000011100 } from './1790000011100-version-integrity';
import { ScanMarks1790000012000 } from './1790000012000-scan-marks';
import { TypeRules1790000012100 } from './1790000012100-type-rules';
import { Quotas1790000012200 } from './1790000012200-quotas';
import { ReadOnlyGrants1790000013000 } from './1790000013000-read-only-grants';

/** Every migration, in order. One is written once and never changed after it has landed. */
export const MIGRATIONS = [
  InitialSchema1790000000000,
  FoldedNames1790000001000,
  Accounts1790000002000,
  SecondFactors1790000003000,
  DriveIndex1790000004000,
  FoldersByTime1790000004100,
  Uploads1790000005000,
  Trash1790000006000,
  KnownFiles1790000009000,
  Versions1790000010000,
  Integrity1790000011000,
  VersionIntegrity1790000011100,
  ScanMarks1790000012000,
  TypeRules1790000012100,
  Quotas1790000012200,
  ReadOnlyGrants1790000013000,
];
