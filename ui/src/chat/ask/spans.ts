// A command as runs of text, so that the dangerous part can be underlined.
// Findings point with byte ranges; characters that would hide or reorder
// text are spelled out, because a question must show what would run.

import type { Finding, PermissionRequest } from "../../ipc/types";
import { visible } from "../../words/visible";

export type Run = { text: string; danger: boolean; reason: string };

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

/** The words a finding points at; empty when it points at none. */
export function pointed(text: string, finding: Finding): string {
  return runs(text, [finding])
    .filter(({ reason }) => reason !== "")
    .map((run) => run.text)
    .join("");
}

/** The command that ranges of a request count in; null when that is unclear. */
export function commandOf(request: PermissionRequest): string | null {
  const commands = request.accesses.flatMap((access) => (access.type === "execute" ? [access.command] : []));
  const [only] = commands;
  if (only === undefined || commands.includes(request.subject)) return request.subject;
  return commands.length === 1 ? only : null;
}

function boundary(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at];
  return byte === undefined || (byte & 0xc0) !== 0x80;
}
