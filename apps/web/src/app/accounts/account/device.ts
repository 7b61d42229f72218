import type { IconName } from '@homeserver/ui';

/** What a browser says of itself, in words. */
export interface Device {
  /** Such as `Firefox on Linux`. */
  readonly name: string;
  readonly icon: IconName;
}

type Sign = readonly [sign: RegExp, name: string];

/** The first that fits: nearly every browser also claims to be Safari, Chrome, or both. */
const BROWSERS: readonly Sign[] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\b(OPR|Opera|OPT)\//, 'Opera'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|Chromium|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/\bVersion\/[\d.]+.* Safari\//, 'Safari'],
];

/** iPads have called themselves Macs for years; what is left of the difference is told by the browser alone. */
const SYSTEMS: readonly Sign[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac(intosh| OS X)\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
];

/** Programs that say no more than their name: `curl/8.5.0`, `node`. */
const PROGRAM = /^([A-Za-z][\w .-]{0,30})(\/[\d.]|$)/;

/** The browser and the system of a User-Agent header, as far as it tells them. */
export function deviceOf(userAgent: string): Device {
  const browser = nameIn(BROWSERS, userAgent);
  const system = nameIn(SYSTEMS, userAgent);
  if (browser !== null && system !== null)
    return { name: `${browser} on ${system}`, icon: iconOf(system, userAgent) };
  if (browser !== null || system !== null)
    return { name: browser ?? system ?? '', icon: iconOf(system, userAgent) };
  const program = PROGRAM.exec(userAgent)?.[1];
  if (program !== undefined && program !== 'Mozilla') return { name: program, icon: 'terminal' };
  return { name: 'Unknown browser', icon: 'computer' };
}

function nameIn(signs: readonly Sign[], userAgent: string): string | null {
  return signs.find(([sign]) => sign.test(userAgent))?.[1] ?? null;
}

function iconOf(system: string | null, userAgent: string): IconName {
  if (system === 'iPad') return 'tablet';
  if (system === 'iPhone') return 'phone';
  // Android tablets are those that do not say Mobile.
  if (system === 'Android') return /\bMobile\b/.test(userAgent) ? 'phone' : 'tablet';
  return 'computer';
}
