const RFC_850 = /^(\w{3})\w*day, (\d\d)-(\w{3})-(\d\d) ([\d:]{8}) GMT$/;
const ASCTIME = /^(\w{3}) (\w{3}) ([ \d]\d) ([\d:]{8}) (\d{4})$/;
const MOST_YEARS_AHEAD = 50;

/**
 * Reads a date in one of the three forms of RFC 9110, section 5.6.7.
 * @returns null for all else, also for a day that there is not
 */
export function parseHttpDate(text: string, now = new Date()): Date | null {
  const fixdate = toFixdate(text, now);
  const date = new Date(fixdate);
  // Date itself takes much more, such as “1”, and the 30th of February for the 1st of March.
  return !Number.isNaN(date.getTime()) && date.toUTCString() === fixdate ? date : null;
}

/** The obsolete forms in the one that is written today; what is neither of them as it is. */
function toFixdate(text: string, now: Date): string {
  const [, weekday, day, month, year = '', time] = RFC_850.exec(text) ?? [];
  if (weekday !== undefined)
    return `${weekday}, ${day} ${month} ${fullYear(year, now)} ${time} GMT`;
  return fromAsctime(text);
}

function fromAsctime(text: string): string {
  const [, weekday, month, day = '', time, year] = ASCTIME.exec(text) ?? [];
  if (weekday === undefined) return text;
  return `${weekday}, ${day.replace(' ', '0')} ${month} ${year} ${time} GMT`;
}

/** What would be too far ahead is the last year that ended so. */
function fullYear(digits: string, now: Date): number {
  const thisYear = now.getUTCFullYear();
  const year = thisYear - (thisYear % 100) + Number(digits);
  return year > thisYear + MOST_YEARS_AHEAD ? year - 100 : year;
}
