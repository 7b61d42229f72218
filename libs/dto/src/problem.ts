import * as z from 'zod';

/** One fault in the input. `pointer` is `#/tags/0` in a body, else `#/query/limit`, `#/path/id`, `#/header/if-match`. */
export const problemErrorSchema = z.object({
  pointer: z.string(),
  detail: z.string(),
});

/** RFC 9457 problem details: the body of every answer of 4xx and 5xx, as `application/problem+json`. */
export const problemSchema = z
  .object({
    type: z.string().describe('A URI reference that names the kind of problem'),
    title: z.string().describe('The HTTP status in words'),
    status: z.int().describe('The HTTP status'),
    detail: z.string().describe('What went wrong and what to do, for a person'),
    instance: z.string().describe('The path that was asked for'),
    code: z.string().describe('Stable, for programs, such as files.name_taken'),
    requestId: z.string().describe('Names the request in the server log'),
    errors: z.array(problemErrorSchema).optional(),
  })
  .meta({
    id: 'Problem',
    examples: [
      {
        type: '/docs#files.name_taken',
        title: 'Conflict',
        status: 409,
        detail: 'There is already an entry named “Ferry tickets.pdf” here. Choose another name.',
        instance: '/api/v1/files/0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c',
        code: 'files.name_taken',
        requestId: '0198c0de-81aa-7f00-b3b6-5a4de0f7a112',
      },
    ],
  });

export type ProblemError = z.infer<typeof problemErrorSchema>;
export type Problem = z.infer<typeof problemSchema>;
