// A command as runs of text, so that the dangerous part can be underlined.
// Findings point with byte ranges; characters that would hide or reorder
// text are spelled out, because a question must show what would run.

import type { Finding } from "../../ipc/types";

export type Run = { text: string; danger: boolean; reason: string };

// Controls except newline and tab, soft hyphen, zero width and bidirectional
// marks, line separators, tags, the byte order mark.
const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

/** The text with its invisible characters written out as `⟨U+202E⟩`. */
export function visible(text: string): string {
  return text.replace(hidden, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

/** Splits `subject` where findings begin and end. Ranges that fall outside
 * or inside of a character are left out rather than drawn wrongly. */
export function runs(subject: string, findings: readonly Finding[]): Run[] {
  const bytes = new TextEncoder().encode(subject);
  const marks = findings.flatMap((finding) => {
    const span = finding.span;
    if (!span || span.start >= span.end || span.end > bytes.length) return [];
    if (!boundary(bytes, span.start) || !boundary(bytes, span.end)) return [];
    return [{ start: span.start, end: span.end, danger: finding.danger, reason: finding.reason }];
  });
  const cuts = [...new Set([0, bytes.length, ...marks.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return cuts.slice(0, -1).map((start, index) => {
    const end = cuts[index + 1] ?? bytes.length;
    const over = marks.filter((mark) => mark.start <= start && mark.end >= end);
    const reasons = [...new Set(over.map(({ reason }) => reason))];
    return {
      text: visible(decoder.decode(bytes.subarray(start, end))),
      danger: over.some(({ danger }) => danger),
      reason: reasons.join(" "),
    };
  });
}

function boundary(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at];
  return byte === undefined || (byte & 0xc0) !== 0x80;
}
