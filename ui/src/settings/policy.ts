// What the gate would say of a call, in words.

import type { Finding, PermissionMode, PolicyAnswer, RuleTexts } from "../ipc/types";
import type { IconName } from "../kit/icons";

/** A question and all that its answer hangs on. */
export type Asked = { what: string; session: string; mode: PermissionMode; rules: RuleTexts | undefined };

export function decision({ decision, confined }: PolicyAnswer): { words: string; icon: IconName } {
  switch (decision) {
    case "allow":
      return { words: confined ? "It would run at once, confined by the sandbox." : "It would run at once.", icon: "check" };
    case "ask":
      return { words: "You would be asked.", icon: "question" };
    case "deny":
      return { words: "It would be refused.", icon: "cross" };
  }
}

/** The findings; the first one said the way it decided. */
export function reasons({ because, findings: [first, ...rest] }: PolicyAnswer): Finding[] {
  return first ? [{ ...first, reason: sentence(because) }, ...rest] : [];
}

export function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The text that ranges count in: a command, and no path. */
export function groundOf(what: string): string | null {
  return /^(Read|Edit|Write)\(.*\)$/is.test(what) ? null : what.replace(/^Bash\((.*)\)$/s, "$1");
}
