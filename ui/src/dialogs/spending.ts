// Sums for the plots of what was spent.

import type { DayUsage, TurnUsage, Usage } from "../ipc/types";
import { noUsage, sum } from "../state/usage";

/** Days the plot shows, today included. */
export const DAYS = 30;
/** Models with a colour of their own; the others share one. */
export const MODELS_APART = 4;

export type Measure = "cost" | "tokens" | "cache";
export type Part = { name: string; tokens: number; cost: number };
/** `parts` in the order of the models, those of others summed at the end. */
export type DaySum = { day: number; usage: Usage; tokens: number; cost: number; parts: Part[] };
export type ModelSum = { name: string; turns: number; usage: Usage; cost: number | null };

export function total(usage: Usage): number {
  return usage.input_tokens + usage.output_tokens + usage.cache_read_tokens + usage.cache_write_tokens;
}

/** How much of what was sent came from the cache, 0 to 1; null without use. */
export function cacheShare(usage: Usage): number | null {
  const sent = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens;
  return sent === 0 ? null : usage.cache_read_tokens / sent;
}

function nameOf(row: { provider: string; model: string }): string {
  return `${row.provider} · ${row.model}`;
}

/** One sum for each of the last days, oldest first; days without use are zero. */
export function byDay(rows: readonly DayUsage[], today: number, names: readonly string[]): DaySum[] {
  const own = new Map<number, DayUsage[]>();
  for (const row of rows) own.set(row.day, [...(own.get(row.day) ?? []), row]);
  return Array.from({ length: DAYS }, (_, index) => {
    const day = today - DAYS + 1 + index;
    const list = own.get(day) ?? [];
    const usage = list.map((row) => row.usage).reduce(sum, noUsage);
    return { day, usage, tokens: total(usage), cost: costOf(list) ?? 0, parts: partsOf(list, names) };
  });
}

function partsOf(rows: readonly DayUsage[], names: readonly string[]): Part[] {
  const apart = names.slice(0, MODELS_APART);
  const groups = [...apart.map((name) => ({ name, rows: rows.filter((row) => nameOf(row) === name) })), { name: "others", rows: rows.filter((row) => !apart.includes(nameOf(row))) }];
  return groups.map(({ name, rows }) => ({ name, tokens: rows.reduce((all, row) => all + total(row.usage), 0), cost: costOf(rows) ?? 0 }));
}

/** One sum for each model in the same days, the dearest first. */
export function byModel(rows: readonly DayUsage[], today: number): ModelSum[] {
  const sums = new Map<string, DayUsage[]>();
  for (const row of rows) {
    if (row.day <= today - DAYS) continue;
    sums.set(nameOf(row), [...(sums.get(nameOf(row)) ?? []), row]);
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

const STEPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The least round number a plot can end at. */
export function ceiling(most: number): number {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return (STEPS.find((step) => step * power >= most * 0.999) ?? 10) * power;
}
