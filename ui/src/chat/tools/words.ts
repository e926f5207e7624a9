// What a tool line says: verb, target and result, in plain words. A tool
// without words here falls back to what the core calls it.

import type { IconName } from "../../kit/icons";
import type { ToolItem, ToolStatus } from "../../state/items.svelte";
import { count } from "../../words/amount";
import { near } from "../../words/path";
import { duration } from "../../words/time";
import { visible } from "../../words/visible";
import { editsOf } from "./details";

type Words = { icon: IconName; running: string; ok: string; not: string };

const words: Record<string, Words> = {
  read: { icon: "file", running: "Reading", ok: "Read", not: "read" },
  read_many: { icon: "files", running: "Reading", ok: "Read", not: "read" },
  write: { icon: "pencil", running: "Writing", ok: "Wrote", not: "write" },
  edit: { icon: "pencil", running: "Editing", ok: "Edited", not: "edit" },
  multi_edit: { icon: "pencil", running: "Editing", ok: "Edited", not: "edit" },
  notebook_edit: { icon: "pencil", running: "Editing", ok: "Edited", not: "edit" },
  apply_patch: { icon: "pencil", running: "Patching", ok: "Patched", not: "patch" },
  move: { icon: "folder", running: "Moving", ok: "Moved", not: "move" },
  copy: { icon: "copy", running: "Copying", ok: "Copied", not: "copy" },
  mkdir: { icon: "folder", running: "Making", ok: "Made", not: "make" },
  delete: { icon: "trash", running: "Deleting", ok: "Deleted", not: "delete" },
  tree: { icon: "list", running: "Listing", ok: "Listed", not: "list" },
  list_dir: { icon: "folder", running: "Listing", ok: "Listed", not: "list" },
  glob: { icon: "files", running: "Finding", ok: "Found", not: "find" },
  grep: { icon: "search", running: "Searching", ok: "Searched", not: "search" },
  code_outline: { icon: "list", running: "Outlining", ok: "Outlined", not: "outline" },
  symbol_search: { icon: "search", running: "Looking for", ok: "Looked for", not: "look for" },
  bash: { icon: "terminal", running: "Running", ok: "Ran", not: "run" },
  web_search: { icon: "search", running: "Searching the web for", ok: "Searched the web for", not: "search the web for" },
  web_fetch: { icon: "file", running: "Fetching", ok: "Fetched", not: "fetch" },
  download: { icon: "download", running: "Downloading", ok: "Downloaded", not: "download" },
  job_list: { icon: "terminal", running: "Listing", ok: "Listed", not: "list" },
  job_output: { icon: "terminal", running: "Looking at", ok: "Looked at", not: "look at" },
  job_kill: { icon: "terminal", running: "Stopping", ok: "Stopped", not: "stop" },
  todo: { icon: "todo", running: "Planning", ok: "Planned", not: "plan" },
  ask_user: { icon: "question", running: "Asking", ok: "Asked", not: "ask" },
};

const missing: Record<string, string> = { failed: "Could not", denied: "Did not", cancelled: "Stopped before" };

export function icon(item: ToolItem): IconName {
  return words[item.call.name]?.icon ?? "plug";
}

export function verb(item: ToolItem): string {
  const known = words[item.call.name];
  const status = item.status;
  if (item.call.name === "write" && status === "ok" && editsOf(item)[0]?.created) return "Created";
  if (item.call.name === "bash" && status === "failed") return "Ran";
  if (!known) return item.title || item.call.name.replaceAll("_", " ");
  if (status === "running") return known.running;
  if (status === "ok") return known.ok;
  if (status === "cancelled" && item.result && item.result.duration_ms > 0) return `Stopped: ${known.not}`;
  return `${missing[status] ?? ""} ${known.not}`.trim();
}

/** The field of a tool's input, when it is text. */
export function field(item: ToolItem, name: string): string {
  const input = item.call.input;
  if (typeof input !== "object" || input === null) return "";
  const value: unknown = (input as Record<string, unknown>)[name];
  return typeof value === "string" ? value : "";
}

export function target(item: ToolItem, workspace: string | null): string {
  return visible(rawTarget(item, workspace)).replace(/\s+/g, " ");
}

function rawTarget(item: ToolItem, workspace: string | null): string {
  const path = field(item, "path") || field(item, "file_path");
  switch (item.call.name) {
    case "bash":
      return field(item, "command") || item.subject;
    case "grep":
    case "glob": {
      const pattern = `"${field(item, "pattern")}"`;
      return path ? `${pattern} in ${near(path, workspace)}` : pattern;
    }
    case "move":
    case "copy":
      return `${near(field(item, "from"), workspace)} \u2192 ${near(field(item, "to"), workspace)}`;
    case "web_search":
      return `"${field(item, "query")}"`;
    case "web_fetch":
      return field(item, "url");
    case "download":
      return `${field(item, "url")} \u2192 ${near(field(item, "path"), workspace)}`;
    case "symbol_search":
      return field(item, "name");
    case "job_output":
    case "job_kill":
      return field(item, "id");
    case "read_many":
    case "apply_patch":
      return item.subject;
    case "todo":
      return "";
    case "ask_user":
      return field(item, "question") || item.subject;
    default:
      return near(path || item.subject || firstText(item), workspace);
  }
}

function firstText(item: ToolItem): string {
  const input = item.call.input;
  if (typeof input !== "object" || input === null) return "";
  return Object.values(input).find((value) => typeof value === "string") ?? "";
}

const plain: Record<ToolStatus, string> = {
  running: "",
  ok: "",
  failed: "failed",
  denied: "denied",
  cancelled: "stopped",
};

/** What came out, short: `31 hits`, `exit 1`, `denied`. */
export function resultWords(item: ToolItem): string {
  const result = item.result;
  if (!result) return plain[item.status];
  const details = (result.details ?? {}) as Record<string, unknown>;
  if (item.call.name === "bash" && result.outcome !== "denied") {
    if (typeof details["signal"] === "number" || typeof details["signal"] === "string") return `killed (${details["signal"]})`;
    if (typeof details["exit_code"] === "number" && details["exit_code"] !== 0) return `exit ${details["exit_code"]}`;
  }
  if (result.outcome === "ok") {
    for (const [name, noun] of [["symbols_total", "symbol"], ["hits", "hit"], ["matches", "hit"], ["files", "file"], ["entries", "entr"]] as const) {
      const value = details[name];
      const number = Array.isArray(value) ? value.length : value;
      if (typeof number === "number") return noun === "entr" ? `${number} ${number === 1 ? "entry" : "entries"}` : count(number, noun);
    }
  }
  return plain[result.outcome];
}

export function took(item: ToolItem): string {
  const ms = item.result?.duration_ms ?? 0;
  return ms > 0 ? duration(ms) : "";
}
