// Times and durations in the units a person would use.

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** `0.1 s`, `12 ms`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  return rest === 0 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
}

/** How long ago, as short as it can be said: `now`, `2 min`, `3 h`, `5 d`. */
export function ago(thenMs: number, nowMs: number): string {
  const past = Math.max(0, nowMs - thenMs);
  if (past < minute) return "now";
  if (past < hour) return `${Math.floor(past / minute)} min`;
  if (past < day) return `${Math.floor(past / hour)} h`;
  return `${Math.floor(past / day)} d`;
}

/** The same as a person would say it: `just now`, `2 minutes ago`, `a day ago`. */
export function past(thenMs: number, nowMs: number): string {
  const gone = Math.max(0, nowMs - thenMs);
  if (gone < minute) return "just now";
  const [unit, name, one] = gone < hour ? [minute, "minute", "a minute"] : gone < day ? [hour, "hour", "an hour"] : [day, "day", "a day"];
  const number = Math.floor(gone / unit);
  return number === 1 ? `${one} ago` : `${number} ${name}s ago`;
}

const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** `2027-01-31` as `31 January 2027`; what is no such day stays as it is. */
export function dayWords(day: string): string {
  const [, year, month, number] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? [];
  const name = months[Number(month) - 1];
  return name ? `${Number(number)} ${name} ${year}` : day;
}

/** The day of a moment (UTC) as `2027-01-31`. */
export function utcDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

export type Period = "Today" | "Yesterday" | "Earlier";

/** The group a moment falls into, by calendar days of the local clock. */
export function period(thenMs: number, nowMs: number): Period {
  const midnight = new Date(nowMs);
  midnight.setHours(0, 0, 0, 0);
  if (thenMs >= midnight.getTime()) return "Today";
  midnight.setDate(midnight.getDate() - 1);
  return thenMs >= midnight.getTime() ? "Yesterday" : "Earlier";
}
