import { InitialSchema1790000000000 } from './1790000000000-initial-schema';

/** Every migration, in order. One is written once and never changed after it has landed. */
export const MIGRATIONS = [InitialSchema1790000000000];
