// What a call could touch, as short chips.

import type { PermissionRequest } from "../../ipc/types";
import { near, tilde } from "../../words/path";
import { visible } from "../../words/visible";

export type Reach = { text: string; tone: "plain" | "ember" | "rose"; title?: string };

/** What was asked about and allowed runs outside of any sandbox. */
const UNCONFINED: Reach = { text: "not confined", tone: "ember", title: "Allowed, it runs with your own rights: it may reach your files and the network." };

/** It was allowed to reach a host, and no more. */
const CONFINED: Reach = {
  text: "stays in the sandbox",
  tone: "plain",
  title: "Allowed, it runs confined: it changes nothing outside of the workspace and reaches only the hosts named here.",
};

const REACHES = "By HTTP and HTTPS. What it can read, it can send there.";

export function reach(request: PermissionRequest, workspace: string | null): Reach[] {
  const chips: Reach[] = [];
  for (const access of request.accesses) {
    if (access.type === "read") chips.push({ text: `reads ${near(access.path, workspace)}`, tone: "plain" });
    if (access.type === "write") chips.push({ text: `writes ${near(access.path, workspace)}`, tone: outside(access.path, workspace) });
    if (access.type === "execute") chips.push({ text: `runs in ${tilde(access.cwd)}`, tone: "plain" }, request.confined ? CONFINED : UNCONFINED);
    if (access.type === "connect") chips.push({ text: `reaches ${access.host}`, tone: "ember", title: REACHES });
  }
  for (const finding of request.findings) {
    if (finding.danger) chips.push({ text: finding.reason, tone: "rose" });
  }
  const seen = new Set<string>();
  return chips
    .map((chip) => ({ ...chip, text: visible(chip.text) }))
    .filter(({ text }) => !seen.has(text) && seen.add(text));
}

function outside(path: string, workspace: string | null): Reach["tone"] {
  return workspace && path.startsWith(workspace) ? "plain" : "ember";
}
