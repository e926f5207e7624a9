// Which commands fit what is being typed.

import type { CommandInfo } from "../../ipc/types";

/** The commands to offer for a draft: those whose name begins like the word
 * after the slash, then those that hold it. None once arguments begin. */
export function offered(commands: readonly CommandInfo[], draft: string): CommandInfo[] {
  const typed = /^\/([a-z-]*)$/i.exec(draft)?.[1]?.toLowerCase();
  if (typed === undefined) return [];
  const begins = commands.filter(({ name }) => name.startsWith(typed));
  const holds = commands.filter(({ name }) => !name.startsWith(typed) && name.includes(typed));
  return [...begins, ...holds];
}
