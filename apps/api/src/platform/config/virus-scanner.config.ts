import * as z from 'zod';

/** Where clamd listens: `host` and `port`, or the `path` of a Unix socket. */
export type ScannerAddress =
  { readonly host: string; readonly port: number } | { readonly path: string };

/** What looks at uploads before they become files. */
export interface VirusScannerConfig {
  readonly address: ScannerAddress;
  /** What becomes of an upload that cannot be scanned: it is refused, or kept with a mark. */
  readonly unavailable: 'refuse' | 'accept';
}

const SHAPE = 'tcp://host:port, or unix:/path/of/the/socket';

export const virusScannerVariables = {
  CLAMD_URL: z
    .string()
    .transform((text, context) => {
      const address = addressOf(text);
      if (address !== null) return address;
      context.addIssue({ code: 'custom', message: SHAPE });
      return z.NEVER;
    })
    .optional(),
  CLAMD_UNAVAILABLE: z.enum(['refuse', 'accept'], { error: 'refuse or accept' }).default('refuse'),
};

export function virusScannerOf({
  CLAMD_URL: address,
  CLAMD_UNAVAILABLE: unavailable,
}: {
  readonly CLAMD_URL?: ScannerAddress | undefined;
  readonly CLAMD_UNAVAILABLE: VirusScannerConfig['unavailable'];
}): VirusScannerConfig | null {
  return address === undefined ? null : { address, unavailable };
}

function addressOf(text: string): ScannerAddress | null {
  const path = /^unix:(?:\/\/)?(\/[^/].*)$/.exec(text)?.[1];
  if (path !== undefined) return { path };
  const [, name = '', digits = ''] =
    /^tcp:\/\/([^/?#@:[\]]+|\[[\da-fA-F:.]+\]):(\d{1,5})\/?$/.exec(text) ?? [];
  const port = Number(digits);
  if (name === '' || port < 1 || port > 65_535) return null;
  return { host: name.replace(/^\[|\]$/g, ''), port };
}
