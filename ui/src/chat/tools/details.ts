// The shapes tools put into `details`, checked at this border: what does not
// fit is treated as absent.

import type { ToolItem } from "../../state/items.svelte";

export type HunkLine = { kind: "context" | "add" | "del"; text: string };
export type Hunk = { old_start: number; new_start: number; lines: HunkLine[] };
export type Edit = { path: string; added: number; removed: number; created: boolean; hunks: Hunk[] };

type Fields = Record<string, unknown>;

function fields(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

export function editOf(item: ToolItem): Edit | null {
  const details = fields(item.result?.details);
  if (!details || !Array.isArray(details["hunks"])) return null;
  return {
    path: String(details["path"] ?? ""),
    added: number(details["added"]),
    removed: number(details["removed"]),
    created: details["created"] === true,
    hunks: details["hunks"].flatMap(hunk),
  };
}

function hunk(value: unknown): Hunk[] {
  const source = fields(value);
  if (!source || !Array.isArray(source["lines"])) return [];
  const lines = source["lines"].flatMap((line: unknown): HunkLine[] => {
    const { kind, text } = fields(line) ?? {};
    if ((kind !== "context" && kind !== "add" && kind !== "del") || typeof text !== "string") return [];
    return [{ kind, text }];
  });
  return [{ old_start: number(source["old_start"]), new_start: number(source["new_start"]), lines }];
}

/** What an edit or write asks for, before it is done. */
export function askedHunks(input: unknown): Hunk[] {
  const source = fields(input) ?? {};
  const text = (...names: string[]) => names.map((name) => source[name]).find((value) => typeof value === "string") ?? "";
  const lines = (value: unknown, kind: HunkLine["kind"]) =>
    String(value)
      .replace(/\n$/, "")
      .split("\n")
      .map((line): HunkLine => ({ kind, text: line }));
  const before = text("old_string", "old_text", "old");
  const after = text("new_string", "new_text", "new", "content");
  const all = [...(before ? lines(before, "del") : []), ...(after ? lines(after, "add") : [])];
  return all.length > 0 ? [{ old_start: 1, new_start: 1, lines: all }] : [];
}

export type CommandEnd = { exitCode: number | null; signal: string; truncated: boolean };

export function commandEnd(item: ToolItem): CommandEnd | null {
  const details = fields(item.result?.details);
  if (!details) return null;
  const { exit_code: code, signal } = details;
  return {
    exitCode: typeof code === "number" ? code : null,
    signal: typeof signal === "number" || typeof signal === "string" ? String(signal) : "",
    truncated: details["truncated"] === true,
  };
}

export type Todo = { text: string; status: "pending" | "in_progress" | "completed" };

/** The todo list, from the tool's input, its details or the event. */
export function todosOf(value: unknown): Todo[] {
  const inner = fields(value);
  const list: unknown = Array.isArray(value) ? value : (inner?.["todos"] ?? inner?.["items"]);
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown): Todo[] => {
    const todo = fields(entry);
    const text = todo?.["content"] ?? todo?.["text"] ?? todo?.["title"];
    if (!todo || typeof text !== "string") return [];
    return [{ text, status: statusOf(todo["status"] ?? todo["state"]) }];
  });
}

function statusOf(value: unknown): Todo["status"] {
  if (value === "completed" || value === "done") return "completed";
  return value === "in_progress" || value === "active" || value === "doing" ? "in_progress" : "pending";
}

export type Hit = { path: string; line: string; text: string };

/** Search hits as `path:line:text` lines carry them. */
export function hitsOf(content: string): Hit[] {
  return content.split("\n").flatMap((line): Hit[] => {
    const match = /^(.+?):(\d+):(.*)$/.exec(line);
    return match ? [{ path: match[1] ?? "", line: match[2] ?? "", text: match[3] ?? "" }] : [];
  });
}
