// Markdown text as top-level blocks with stable keys. While an answer
// streams, only its last block is read again; nothing here makes HTML.

import { Lexer, type Token } from "marked";

export type MarkdownBlock = { key: number; token: Token; closed: boolean };

export class BlockReader {
  #closed: MarkdownBlock[] = [];
  #consumed = "";

  read(source: string): MarkdownBlock[] {
    const text = source.replace(/\r\n?/g, "\n");
    if (!text.startsWith(this.#consumed)) {
      this.#closed = [];
      this.#consumed = "";
    }
    const tail = this.#lex(text.slice(this.#consumed.length), this.#consumed.length);
    // What stands before the last block can no longer change; only a list
    // may still take in what now looks like a paragraph after it.
    const openCount = tail.at(-2)?.token.type === "list" ? 2 : 1;
    const open = tail.splice(Math.max(0, tail.length - openCount));
    for (const block of tail) this.#closed.push({ ...block, closed: true });
    const [first] = open;
    if (first) this.#consumed = text.slice(0, first.key);
    return [...this.#closed, ...open];
  }

  #lex(text: string, offset: number): MarkdownBlock[] {
    const blocks: MarkdownBlock[] = [];
    let at = offset;
    for (const token of new Lexer({ gfm: true }).lex(text)) {
      if (token.type !== "space") blocks.push({ key: at, token, closed: false });
      at += token.raw.length;
    }
    return blocks;
  }
}

const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

/** Entities as the characters they stand for; the result is shown as text. */
export function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (name) return named[String(name).toLowerCase()] ?? whole;
    const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** The address when it may be offered for copying, none otherwise. */
export function webAddress(href: string): string | null {
  try {
    const url = new URL(href);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}
