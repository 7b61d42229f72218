import * as z from 'zod';

/** An id that comes from outside. Letters of either case are one id; ours are lowercase. */
export const idSchema = z
  .uuid({ error: 'An id is a UUID, such as 0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c.' })
  .transform((id) => id.toLowerCase());
