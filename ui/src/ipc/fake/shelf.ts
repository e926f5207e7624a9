// The shelf of the fake shell: places, search, pages and branches over the
// plain sessions and messages it was given.

import type { Branch, Message, MessagePage, Place, SearchHit, SearchPage, SessionEntry, SessionPage, SessionSummary, ShelfCounts, ShelfQuery, SnippetPart, TrashSize } from "../types";
import { wordsOf } from "../../words/find";

type Given = { sessions: SessionSummary[]; messages: Record<string, Message[]> };

const USUAL_SESSIONS = 200;
const USUAL_HITS = 30;
const SNIPPET_SIDE = 60;
const TRASH_DAYS = 30;

export class FakeShelf {
  /** Sessions that are not in the list. */
  places: Record<string, { place: Place; placed_ms: number }> = {};
  branches: Record<string, Branch[]> = {};
  /** The histories behind the branches, by number. */
  lines: Record<string, Record<number, Message[]>> = {};
  /** Messages of a page; without it a view holds all of them. */
  pageSize = 0;

  constructor(readonly given: Given) {}

  #entries({ places, workspace }: ShelfQuery): SessionEntry[] {
    const wanted: Place[] = places.length > 0 ? places : ["active"];
    return this.given.sessions
      .map((summary) => ({ ...summary, parent: null, source: null, place: "active" as Place, placed_ms: 0, ...this.places[summary.id] }))
      .filter((entry) => wanted.includes(entry.place) && (workspace === null || entry.workspace === workspace))
      .sort((one, other) => other.updated_ms - one.updated_ms);
  }

  page(query: ShelfQuery): SessionPage {
    const entries = this.#entries(query);
    return { entries: entries.slice(query.offset, query.offset + (query.limit || USUAL_SESSIONS)), total: entries.length };
  }

  #in(place: Place): SessionEntry[] {
    return this.#entries({ words: "", workspace: null, places: [place], limit: 0, offset: 0 });
  }

  counts(): ShelfCounts {
    return { active: this.#in("active").length, archived: this.#in("archived").length, trashed: this.#in("trashed").length, trash_days: TRASH_DAYS };
  }

  size(): TrashSize {
    const trashed = this.#in("trashed");
    const messages = trashed.reduce((sum, { message_count }) => sum + message_count, 0);
    return { sessions: trashed.length, messages, bytes: messages * 5_300 };
  }

  place(id: string, place: Place): void {
    this.places = { ...this.places, [id]: { place, placed_ms: Date.now() } };
  }

  remove(ids: readonly string[]): void {
    this.given.sessions = this.given.sessions.filter(({ id }) => !ids.includes(id));
  }

  empty(): number {
    const gone = this.#in("trashed").map(({ id }) => id);
    this.remove(gone);
    return gone.length;
  }

  search(query: ShelfQuery): SearchPage {
    const words = wordsOf(query.words);
    const hits = this.#entries(query).flatMap((entry) => this.#hitsIn(entry, words));
    const shown = query.limit || USUAL_HITS;
    return { hits: hits.slice(query.offset, query.offset + shown), more: hits.length > query.offset + shown };
  }

  #hitsIn(entry: SessionEntry, words: readonly string[]): SearchHit[] {
    const hit = { session_id: entry.id, title: entry.title, workspace: entry.workspace, place: entry.place, superseded: false, branch: null, rank: 0 };
    const hits: SearchHit[] = [];
    if (holds(entry.title, words)) {
      hits.push({ ...hit, message_id: null, role: null, origin: null, at_ms: entry.updated_ms, snippet: snippet(entry.title, words) });
    }
    const lines = Object.entries(this.lines[entry.id] ?? { 0: this.given.messages[entry.id] ?? [] });
    const current = this.branches[entry.id]?.find((branch) => branch.current)?.number ?? 0;
    const seen = new Set((this.given.messages[entry.id] ?? []).map(({ id }) => id));
    for (const [number, messages] of lines) {
      for (const message of messages) {
        const text = textOf(message);
        const superseded = Number(number) !== current && !seen.has(message.id);
        if (!holds(text, words) || (Number(number) !== current && !superseded)) continue;
        hits.push({ ...hit, message_id: message.id, role: message.role, origin: message.origin, branch: Number(number), superseded, at_ms: message.created_ms || entry.updated_ms, snippet: snippet(text, words) });
      }
    }
    return hits;
  }

  /** The end of a history, as a view has it. */
  latest(id: string): { messages: Message[]; older?: number } {
    const all = this.given.messages[id] ?? [];
    if (this.pageSize === 0 || all.length <= this.pageSize) return { messages: all };
    return { messages: all.slice(-this.pageSize), older: all.length - this.pageSize };
  }

  around(id: string, messageId: string, side: "before" | "after" | "around"): MessagePage | null {
    const all = this.given.messages[id] ?? [];
    const at = all.findIndex((message) => message.id === messageId);
    if (at < 0) return null;
    const size = this.pageSize || 200;
    const from = side === "before" ? at - size : side === "after" ? at + 1 : at - size / 2;
    const to = side === "before" ? at : side === "after" ? at + 1 + size : at + size / 2;
    const [start, end] = [Math.max(0, from), Math.min(all.length, to)];
    return { messages: all.slice(start, end), older: start, newer: all.length - end, unreadable: [] };
  }

  choose(id: string, number: number): void {
    this.branches = { ...this.branches, [id]: (this.branches[id] ?? []).map((branch) => ({ ...branch, current: branch.number === number })) };
    const line = this.lines[id]?.[number];
    if (line) this.given.messages = { ...this.given.messages, [id]: line };
  }
}

function textOf(message: Message): string {
  return message.blocks
    .map((block) => {
      if (block.type === "tool_call") return `${block.name} ${Object.values(block.input as object).join(" ")}`;
      if (block.type === "tool_result") return block.content;
      if (block.type === "attachment") return block.name;
      return block.type === "redacted_thinking" ? "" : block.text;
    })
    .join(" ");
}

function holds(text: string, words: readonly string[]): boolean {
  const low = text.toLowerCase();
  return words.length > 0 && words.every((word) => low.includes(word));
}

function snippet(text: string, words: readonly string[]): SnippetPart[] {
  const low = text.toLowerCase();
  const first = Math.max(0, Math.min(...words.map((word) => low.indexOf(word))) - SNIPPET_SIDE);
  const cut = text.slice(first, first + SNIPPET_SIDE * 3).replaceAll("\n", " ");
  const parts: SnippetPart[] = [];
  for (let at = 0; at < cut.length; ) {
    const hit = words.find((word) => cut.toLowerCase().startsWith(word, at));
    const last = parts.at(-1);
    const piece = cut.slice(at, at + (hit?.length ?? 1));
    if (last && !last.hit && !hit) last.text += piece;
    else parts.push({ text: piece, hit: hit !== undefined });
    at += piece.length;
  }
  return first > 0 ? [{ text: "…", hit: false }, ...parts] : parts;
}
