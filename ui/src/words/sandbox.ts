// The sandbox in one word and a sentence.

import type { PermissionMode, SandboxStatus } from "../ipc/types";

export type SandboxWords = { word: "on" | "ready" | "none"; title: string };

export function sandboxWords(sandbox: SandboxStatus | undefined, mode: PermissionMode): SandboxWords {
  if (!sandbox?.available) {
    const why = sandbox ? ` (${sandbox.detail})` : "";
    return { word: "none", title: `Nothing confines commands here${why}: what you allow runs with your own rights, and mode Auto is refused.` };
  }
  if (mode === "auto") {
    return { word: "on", title: `What runs unasked is confined to this folder, without the network: ${sandbox.detail}. What you allow yourself runs with your rights.` };
  }
  return { word: "ready", title: `Mode Auto confines what it runs unasked: ${sandbox.detail}. In this mode what you allow runs with your rights.` };
}
