// Counts, token numbers and sizes for reading.

/** `1 file`, `6 files`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** `940`, `12.4k`, `1.2M`. */
export function tokens(number: number): string {
  if (number < 1000) return String(number);
  if (number < 100_000) return `${(number / 1000).toFixed(1).replace(/\.0$/, "")}k`;
  if (number < 1_000_000) return `${Math.round(number / 1000)}k`;
  return `${(number / 1_000_000).toFixed(1).replace(/\.0$/, "")}M`;
}

/** `57 MB`, `1.5 GB`. */
export function bytes(number: number): string {
  if (number < 1000) return `${number} B`;
  if (number < 1_000_000) return `${Math.round(number / 1000)} kB`;
  if (number < 1_000_000_000) return `${Math.round(number / 1_000_000)} MB`;
  return `${(number / 1_000_000_000).toFixed(1)} GB`;
}

/** `$0`, `$0.0042`, `$3.20`. */
export function money(dollars: number): string {
  if (dollars === 0) return "$0";
  if (dollars < 0.01) return `$${dollars.toFixed(4)}`;
  return `$${dollars.toFixed(2)}`;
}

/** `84 %` of a share from 0 to 1; `–` when there is none. */
export function percent(share: number | null): string {
  return share === null ? "–" : `${Math.round(share * 100)} %`;
}
