// The user's rules as one list, and that list changed: an entry that nobody
// touched goes back to the shell exactly as it came.

import type { KeptRule, RuleEntry, RuleTexts, RuleUse } from "../ipc/types";
import { count } from "../words/amount";
import { dayWords, past, utcDay } from "../words/time";

export type RuleKind = keyof RuleTexts;

/** The stronger first: what forbids beats what asks, which beats what allows. */
export const kinds: readonly { kind: RuleKind; label: string; note: string; example: string }[] = [
  { kind: "deny", label: "Never", note: "Refused in every mode, whatever else allows it.", example: "Read(secrets/**)" },
  { kind: "ask", label: "Always ask", note: "Asked about in every mode, bypass included.", example: "Bash(git push *)" },
  { kind: "allow", label: "Allow", note: "Runs without a question, except on protected paths.", example: "Bash(cargo test *)" },
];

/** A rule with its place among those of its kind. */
export type Listed = { key: string; kind: RuleKind; index: number; entry: RuleEntry; rule: KeptRule };

export function listed(rules: RuleTexts): Listed[] {
  const seen = new Map<string, number>();
  return kinds.flatMap(({ kind }) =>
    rules[kind].map((entry, index) => {
      const name = `${kind} ${JSON.stringify(entry)}`;
      const times = seen.get(name) ?? 0;
      seen.set(name, times + 1);
      return { key: `${name} ${times}`, kind, index, entry, rule: typeof entry === "string" ? { rule: entry } : entry };
    }),
  );
}

export function without(rules: RuleTexts, kind: RuleKind, index: number): RuleTexts {
  return { ...rules, [kind]: rules[kind].toSpliced(index, 1) };
}

export function withRule(rules: RuleTexts, kind: RuleKind, entry: RuleEntry, index = rules[kind].length): RuleTexts {
  return { ...rules, [kind]: rules[kind].toSpliced(Math.min(index, rules[kind].length), 0, entry) };
}

export function has(rules: RuleTexts, kind: RuleKind, { rule, project }: KeptRule): boolean {
  return listed(rules).some((one) => one.kind === kind && one.rule.rule === rule && (one.rule.project ?? null) === (project ?? null));
}

/** What a person typed: a plain text, or a rule with the bounds they set. */
export function written(rule: string, project: string | null, expires: string, nowMs: number): RuleEntry {
  if (project === null && expires === "") return rule;
  return { rule, ...(project === null ? {} : { project }), ...(expires === "" ? {} : { expires }), source: "hand", saved_ms: nowMs };
}

export function isOver({ expires }: KeptRule, nowMs: number): boolean {
  return Boolean(expires) && utcDay(nowMs) > (expires ?? "");
}

export function expiryWords(rule: KeptRule, nowMs: number): string {
  if (!rule.expires) return "";
  return `${isOver(rule, nowMs) ? "ended" : "until"} ${dayWords(rule.expires)}`;
}

export function sourceWords({ source, saved_ms: saved }: KeptRule, nowMs: number): string {
  const who = source === "answer" ? "from an answer" : "by you";
  return saved ? `${who}, ${past(saved, nowMs)}` : who;
}

/** Only what allows is counted. */
export function useWords({ kind, rule }: Listed, uses: readonly RuleUse[], nowMs: number): string {
  if (kind !== "allow") return "";
  const use = uses.find((one) => one.rule === rule.rule.trim());
  return use ? `used ${count(use.count, "time")}, last ${past(use.used_ms, nowMs)}` : "not used yet";
}
