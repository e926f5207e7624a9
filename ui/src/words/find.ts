// Words looked for, and where they stand in a text.

import type { SnippetPart } from "../ipc/types";

/** The words of a query, in lower case, without the quotes that hold some together. */
export function wordsOf(query: string): string[] {
  return [...query.toLowerCase().matchAll(/"([^"]+)"?|([^\s"]+)/g)].map(([, held, word]) => (held ?? word ?? "").trim()).filter(Boolean);
}

export function holdsAll(text: string, words: readonly string[]): boolean {
  const low = text.toLowerCase();
  return words.every((word) => low.includes(word));
}

/** The text in parts, those that are one of the words marked. */
export function markWords(text: string, words: readonly string[]): SnippetPart[] {
  const low = text.toLowerCase();
  // Where lower case has another length, the places would not fit.
  if (words.length === 0 || low.length !== text.length) return [{ text, hit: false }];
  const parts: SnippetPart[] = [];
  let from = 0;
  while (from < text.length) {
    const next = words
      .map((word) => ({ at: low.indexOf(word, from), length: word.length }))
      .filter(({ at }) => at >= 0)
      .sort((one, other) => one.at - other.at || other.length - one.length)[0];
    if (!next) break;
    if (next.at > from) parts.push({ text: text.slice(from, next.at), hit: false });
    parts.push({ text: text.slice(next.at, next.at + next.length), hit: true });
    from = next.at + next.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), hit: false });
  return parts;
}
