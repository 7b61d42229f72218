import * as z from 'zod';

/** The id in a path. */
export const idSchema = z.uuid({
  error: 'An id is a UUID, such as 0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c.',
});
