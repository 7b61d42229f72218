import * as z from 'zod';

import { driveStateSchema } from './drives';

export const livenessSchema = z
  .object({ status: z.literal('ok'), version: z.string() })
  .meta({ id: 'Liveness', examples: [{ status: 'ok', version: '0.1.0' }] });

/** Whether HomeServer can do its work: `unavailable` comes with status 503. */
export const healthSchema = z
  .object({
    status: z.enum(['ok', 'unavailable']),
    version: z.string(),
    database: z.enum(['up', 'down']),
    drives: z.array(z.object({ id: z.uuid(), state: driveStateSchema })),
  })
  .meta({
    id: 'Health',
    examples: [
      {
        status: 'ok',
        version: '0.1.0',
        database: 'up',
        drives: [{ id: '0198c0dd-1111-7c5b-9a51-0d5a3b1f2e4c', state: 'online' }],
      },
    ],
  });

export type Liveness = z.infer<typeof livenessSchema>;
export type Health = z.infer<typeof healthSchema>;
