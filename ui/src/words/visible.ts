// Characters that hide or reorder text, spelled out.

import { INVISIBLE, REORDERING } from "../ipc/types";

// All but newline and tab.
const CONTROLS = String.raw`\u0000-\u0008\u000b-\u001f\u007f-\u009f`;
const hidden = new RegExp(`[${CONTROLS}${INVISIBLE}]`, "gu");
const moving = new RegExp(`[${CONTROLS}${REORDERING}]`, "gu");

/** For whoever decides about the text and must see all of it: invisible
 * characters are written out as `⟨U+202E⟩`. */
export function visible(text: string): string {
  return text.replace(hidden, spelled);
}

/** For whoever only reads it: blanks and the parts of an emoji stay, and
 * what would move text around itself is written out. */
export function readable(text: string): string {
  return text.replace(moving, spelled);
}

function spelled(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}
