// What a folder brings along, in plain words: by kind, and within a kind by
// the file it stands in.

import type { FoundItem, FoundKind } from "../ipc/types";

export const foundWords: Record<FoundKind, string> = {
  settings: "Settings for Familiar; they can only make it stricter",
  mcp_server: "Servers that would be started for tools",
  agent_hooks: "Hooks and permissions of an agent",
  editor_task: "Tasks and programs of an editor",
  git_program: "Hooks and programs of git",
  toolchain: "Tools and scripts it brings itself",
  environment: "Scripts that set up a shell",
  notes: "Notes for agents; they become part of every request",
};

export type FoundFile = { path: string; details: string[] };
export type FoundGroup = { kind: FoundKind; words: string; files: FoundFile[] };

/** In the order they were found: the most powerful first. */
export function grouped(found: readonly FoundItem[]): FoundGroup[] {
  const groups: FoundGroup[] = [];
  for (const { kind, path, detail } of found) {
    let group = groups.find((one) => one.kind === kind);
    if (!group) groups.push((group = { kind, words: foundWords[kind], files: [] }));
    let file = group.files.find((one) => one.path === path);
    if (!file) group.files.push((file = { path, details: [] }));
    if (detail) file.details.push(detail);
  }
  return groups;
}
