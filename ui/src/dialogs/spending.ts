// Sums for the plots of what was spent.

import type { DayUsage, TurnUsage, Usage } from "../ipc/types";
import { sum } from "../state/usage";

/** Days the plot shows, today included. */
export const DAYS = 30;

export type DaySum = { day: number; tokens: number; cost: number };
export type ModelSum = { name: string; turns: number; usage: Usage; cost: number | null };

export function total(usage: Usage): number {
  return usage.input_tokens + usage.output_tokens + usage.cache_read_tokens + usage.cache_write_tokens;
}

/** One sum for each of the last days, oldest first; days without use are zero. */
export function byDay(rows: readonly DayUsage[], today: number): DaySum[] {
  return Array.from({ length: DAYS }, (_, index) => {
    const day = today - DAYS + 1 + index;
    const own = rows.filter((row) => row.day === day);
    const tokens = own.reduce((all, row) => all + total(row.usage), 0);
    return { day, tokens, cost: costOf(own) ?? 0 };
  });
}

/** One sum for each model in the same days, the dearest first. */
export function byModel(rows: readonly DayUsage[], today: number): ModelSum[] {
  const sums = new Map<string, DayUsage[]>();
  for (const row of rows) {
    if (row.day <= today - DAYS) continue;
    const name = `${row.provider} · ${row.model}`;
    sums.set(name, [...(sums.get(name) ?? []), row]);
  }
  const models = [...sums].map(([name, own]) => ({
    name,
    turns: own.reduce((all, row) => all + row.turns, 0),
    usage: own.map(({ usage }) => usage).reduce(sum),
    cost: costOf(own),
  }));
  return models.sort((one, other) => (other.cost ?? 0) - (one.cost ?? 0) || total(other.usage) - total(one.usage));
}

/** The sum of what has a price; null when nothing has one. */
export function costOf(rows: readonly (DayUsage | TurnUsage)[]): number | null {
  const known = rows.map(({ cost_usd }) => cost_usd).filter((cost) => cost !== null);
  return known.length === 0 ? null : known.reduce((all, cost) => all + cost, 0);
}
