// The permission modes in the words the window uses for them.

import type { PermissionMode } from "../ipc/types";

export type ModeWords = { mode: PermissionMode; label: string; explanation: string };

export const modes: readonly ModeWords[] = [
  { mode: "plan", label: "Plan", explanation: "Reads and thinks. Changes nothing, runs nothing." },
  { mode: "ask", label: "Ask", explanation: "Reads freely. Asks you before every change and every command." },
  { mode: "edits", label: "Edits", explanation: "Edits files in this folder. Asks before commands." },
  {
    mode: "auto",
    label: "Auto",
    explanation: "Edits files in this folder and runs commands in a sandbox, without the network. Asks before all else. For folders you trust, and only where there is a sandbox.",
  },
  {
    mode: "bypass",
    label: "Bypass",
    explanation: "Runs everything that no rule and no protected path forbids. Nothing asks you. For folders you trust.",
  },
];

export function modeWords(mode: PermissionMode): ModeWords {
  return modes.find((words) => words.mode === mode) ?? { mode, label: mode, explanation: "" };
}
