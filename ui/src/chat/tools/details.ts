// The shapes tools put into `details`, checked at this border: what does not
// fit is treated as absent.

import type { ToolItem } from "../../state/items.svelte";

export type HunkLine = { kind: "context" | "add" | "del"; text: string };
export type Hunk = { old_start: number; new_start: number; lines: HunkLine[] };
/** What becomes of one file. */
export type Edit = { path: string; added: number; removed: number; created: boolean; deleted: boolean; hunks: Hunk[] };

type Fields = Record<string, unknown>;

function fields(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** The files a call changed; none when it says nothing of that. */
export function editsOf(item: ToolItem): Edit[] {
  const details = fields(item.result?.details);
  const files: unknown = details?.["files"];
  return (Array.isArray(files) ? files : [details]).flatMap(edit);
}

function edit(value: unknown): Edit[] {
  const details = fields(value);
  if (!details || !Array.isArray(details["hunks"])) return [];
  return [
    {
      path: String(details["path"] ?? ""),
      added: number(details["added"]),
      removed: number(details["removed"]),
      created: details["created"] === true,
      deleted: details["deleted"] === true,
      hunks: details["hunks"].flatMap(hunk),
    },
  ];
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

/** What a call that changes files asks for, before it is done. */
export function askedEdits(input: unknown): Edit[] {
  const source = fields(input) ?? {};
  if (typeof source["patch"] === "string") return patched(source["patch"]);
  const edits: unknown = source["edits"];
  const hunks = (Array.isArray(edits) ? edits : [source]).flatMap(replacement);
  if (hunks.length === 0) return [];
  return [counted(String(source["path"] ?? source["file_path"] ?? ""), hunks, "content" in source)];
}

function replacement(value: unknown): Hunk[] {
  const source = fields(value) ?? {};
  const text = (...names: string[]) => names.map((name) => source[name]).find((value) => typeof value === "string") ?? "";
  const lines = (value: unknown, kind: HunkLine["kind"]) =>
    String(value)
      .replace(/\n$/, "")
      .split("\n")
      .map((line): HunkLine => ({ kind, text: line }));
  const before = text("old_string", "old_text", "old");
  const after = text("new_string", "new_text", "new", "content", "source");
  const all = [...(before ? lines(before, "del") : []), ...(after ? lines(after, "add") : [])];
  return all.length > 0 ? [{ old_start: 1, new_start: 1, lines: all }] : [];
}

function counted(path: string, hunks: Hunk[], created: boolean, deleted = false): Edit {
  const of = (kind: HunkLine["kind"]) => hunks.flatMap((hunk) => hunk.lines).filter((line) => line.kind === kind).length;
  return { path, hunks, created, deleted, added: of("add"), removed: of("del") };
}

const headings = /^(?:\*\*\* (Update|Add|Delete) File: |(\+\+\+|---) )(.+)$/;
const kinds: Record<string, HunkLine["kind"]> = { " ": "context", "+": "add", "-": "del" };

/** The files of a patch, in the form models write or as a unified diff. */
function patched(patch: string): Edit[] {
  const files: { path: string; verb: string; hunks: Hunk[] }[] = [];
  let from = "";
  for (const line of patch.split(/\r?\n/)) {
    const heading = headings.exec(line);
    const hunks = files.at(-1)?.hunks;
    const move = /^\*\*\* Move to: (.+)$/.exec(line);
    if (heading?.[2] === "---") from = bare(heading[3] ?? "");
    else if (heading?.[2] === "+++") files.push(unified(from, bare(heading[3] ?? "")));
    else if (heading) files.push({ path: heading[3] ?? "", verb: heading[1] ?? "", hunks: [] });
    else if (move) files.splice(-1, 1, { path: `${files.at(-1)?.path ?? ""} \u2192 ${move[1] ?? ""}`, verb: "Update", hunks: [] });
    else if (hunks && line.startsWith("@@")) hunks.push(started(line));
    else if (hunks && kinds[line.charAt(0)]) {
      if (hunks.length === 0) hunks.push(started(""));
      hunks.at(-1)?.lines.push({ kind: kinds[line.charAt(0)] ?? "context", text: line.slice(1) });
    }
  }
  return files.map((file) => counted(file.path, file.hunks.filter((hunk) => hunk.lines.length > 0), file.verb === "Add", file.verb === "Delete"));
}

/** A hunk, with the line numbers a unified diff gives it. */
function started(line: string): Hunk {
  const range = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line);
  return { old_start: Number(range?.[1] ?? 1), new_start: Number(range?.[2] ?? 1), lines: [] };
}

function unified(from: string, to: string) {
  if (from === "/dev/null") return { path: to, verb: "Add", hunks: [] };
  if (to === "/dev/null") return { path: from, verb: "Delete", hunks: [] };
  return { path: from === to ? to : `${from} \u2192 ${to}`, verb: "Update", hunks: [] };
}

/** Without the time behind it and git's letter before it. */
function bare(path: string): string {
  return (path.split("\t")[0] ?? "").trim().replace(/^[ab]\//, "");
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
