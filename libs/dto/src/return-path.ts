import * as z from 'zod';

const MOST_CHARACTERS = 2000;

/**
 * Whether a text is a path of the web app, and of this server whatever a browser makes of it: no scheme, no
 * host (`//`, which backslashes, tabs and dots can amount to), and nothing of the API (CWE-601).
 */
export function isReturnPath(text: string): boolean {
  if (!text.startsWith('/') || text.length > MOST_CHARACTERS) return false;
  if (/[\\\p{Cc}]/u.test(text) || !URL.canParse(text, 'http://localhost')) return false;
  const { origin, pathname } = new URL(text, 'http://localhost');
  return (
    origin === 'http://localhost' && !pathname.startsWith('//') && !/^\/api(\/|$)/i.test(pathname)
  );
}

/** Where to go afterwards, for calls that lead a browser away. */
export const returnQuerySchema = z.object({
  returnTo: z
    .string()
    .refine(isReturnPath, { error: 'A path of the web app, such as /files.' })
    .default('/')
    .describe('A path of the web app'),
});

export type ReturnQuery = z.infer<typeof returnQuerySchema>;
