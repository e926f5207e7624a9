// The audit ledger in words: what each kind of entry is called, and the parts
// of it that can be looked at alone.

import type { AuditCheck, AuditKind } from "../ipc/types";
import type { IconName } from "../kit/icons";

export type AuditWords = { words: string; icon: IconName; tone: "plain" | "ember" | "rose" | "moss" };

export const auditWords: Record<AuditKind, AuditWords> = {
  call_allowed: { words: "Allowed", icon: "check", tone: "moss" },
  call_refused: { words: "Refused", icon: "cross", tone: "rose" },
  call_answered: { words: "Answered", icon: "question", tone: "ember" },
  call_ended: { words: "Ended", icon: "terminal", tone: "plain" },
  mode_changed: { words: "Mode changed", icon: "sliders", tone: "plain" },
  rules_changed: { words: "Rules changed", icon: "list", tone: "plain" },
  trust_given: { words: "Folder trusted", icon: "folder", tone: "ember" },
  trust_revoked: { words: "Trust taken back", icon: "lock", tone: "plain" },
  decoy_called: { words: "A decoy was called", icon: "warning", tone: "rose" },
  leak_stopped: { words: "Stopped under cover", icon: "mask", tone: "rose" },
  leak_found: { words: "Found under cover", icon: "mask", tone: "rose" },
};

export type AuditPart = { id: string; label: string; kinds: AuditKind[]; empty: string };

export const auditParts: readonly AuditPart[] = [
  { id: "all", label: "Everything", kinds: [], empty: "Nothing happened so far." },
  { id: "asked", label: "Asked and refused", kinds: ["call_answered", "call_refused"], empty: "Nothing was asked or refused so far." },
  { id: "noticed", label: "Noticed", kinds: ["decoy_called", "leak_stopped", "leak_found"], empty: "Nothing was stopped or noticed so far." },
];

const entries = (number: number) => `${number.toLocaleString("en")} ${number === 1 ? "entry" : "entries"}`;

/** Whether the ledger is as it was written. */
export function chainWords({ count, broken }: AuditCheck): string {
  if (broken) return `The chain does not hold at entry ${broken.number.toLocaleString("en")}: ${broken.detail.replace(/\.$/, "")}.`;
  return `The chain of ${entries(count)} holds`;
}

/** The ends of a hash, to tell two apart by eye. */
export function shortHash(hash: string): string {
  return hash.length > 16 ? `${hash.slice(0, 8)}…${hash.slice(-6)}` : hash;
}
