// Scenes around the list of sessions: search, archive, trash, branches.

import type { FakeBackend } from "../fake";
import type { Branch, Message } from "../types";
import { answer, longHistory } from "./story";

type Act = { prepare?: (shell: FakeBackend) => void; play?: (shell: FakeBackend) => void };

const day = 86_400_000;
const at = (testid: string) => document.querySelector<HTMLElement>(`[data-testid="${testid}"]`);

function text(id: string, turn: string, role: Message["role"], words: string, agoMs = 0): Message {
  return { id, turn_id: turn, role, origin: "typed", blocks: [{ type: "text", text: words }], created_ms: Date.now() - agoMs };
}

function shelve(shell: FakeBackend): void {
  const now = Date.now();
  shell.shelves.places = { s6: { place: "archived", placed_ms: now - 3 * day }, s5: { place: "trashed", placed_ms: now - 7 * day }, s4: { place: "trashed", placed_ms: now - 29.6 * day } };
  shell.messages["s3"] = [
    text("c1", "c", "user", "Why is the cold start slow? The parser is read before the window opens, I think.", 3 * 3_600_000),
    text("c2", "c", "assistant", "Not the parser: 80 % of the time is spent reading the settings twice. The parser takes 4 ms of 310 ms.", 3 * 3_600_000),
  ];
  shell.messages["s6"] = [text("d1", "d", "user", "Write release notes: the parser no longer times out, sessions can be searched.", 2 * day)];
}

/** Acts on the list, which a narrow window shows only when asked. */
function inList(act: () => void): void {
  if (!at("session-search")) at("list-toggle")?.click();
  setTimeout(act, 100);
}

/** Types into the search field. */
function look(words: string): void {
  const field = at("session-search") as HTMLInputElement | null;
  if (!field) return;
  field.focus();
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function press(key: string): void {
  at("session-search")?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

function branch(number: number, after: string | null, begins_with: string, current = false): Branch {
  return { number, current, parent: number === 0 ? null : 0, after, begins_with, message_count: 2, created_ms: 0 };
}

function branches(shell: FakeBackend): void {
  const start = [text("b1", "bt1", "user", "How many columns does a wide character take?"), text("b2", "bt1", "assistant", "Two in most terminals, one in this parser.")];
  const ask = (number: number, words: string) => [...start, text(`b3-${number}`, `bt2-${number}`, "user", words), text(`b4-${number}`, `bt2-${number}`, "assistant", answer)];
  shell.shelves.lines["s1"] = { 0: ask(0, "Count them as two everywhere."), 1: ask(1, "Count them as two, but only in error messages."), 2: ask(2, "Leave it at one and say so in the docs.") };
  shell.shelves.branches["s1"] = [branch(0, null, "How many columns"), branch(1, "b2", "Count them as two, but only in error messages.", true), branch(2, "b2", "Leave it at one and say so in the docs.")];
  shell.messages["s1"] = shell.shelves.lines["s1"][1] ?? [];
}

export const shelfActs: Record<string, Act> = {
  search: { prepare: shelve, play: () => inList(() => look("parser")) },
  nothing: { prepare: shelve, play: () => inList(() => look("parser zebra")) },
  searching: {
    prepare: (shell) => {
      shelve(shell);
      shell.search = () => new Promise(() => undefined);
    },
    play: () => inList(() => look("parser")),
  },
  unreadable: {
    prepare: (shell) => {
      shell.failures.search = { kind: "store", message: "The database cannot be read.", hints: ["Check that the disk is there, then try again."] };
    },
    play: () => inList(() => look("parser")),
  },
  found: {
    prepare: (shell) => {
      shelve(shell);
      shell.messages["s2"] = longHistory(3_000).map((message) => ({ ...message, created_ms: Date.now() - day }));
      shell.shelves.pageSize = 200;
    },
    play: () =>
      inList(() => {
        look('"question number 400:"');
        setTimeout(() => press("Enter"), 500);
      }),
  },
  archive: { prepare: shelve, play: () => inList(() => at("shelf-archived")?.click()) },
  trash: { prepare: shelve, play: () => inList(() => at("shelf-trashed")?.click()) },
  emptying: {
    prepare: shelve,
    play: () =>
      inList(() => {
        at("shelf-trashed")?.click();
        setTimeout(() => at("trash-empty")?.click(), 300);
      }),
  },
  trashed: {
    play: () =>
      inList(() => {
        const item = document.querySelectorAll<HTMLElement>("[data-testid=session-item]")[1];
        item?.focus();
        item?.dispatchEvent(new KeyboardEvent("keydown", { key: "Delete", bubbles: true }));
      }),
  },
  menu: { prepare: shelve, play: () => inList(() => document.querySelectorAll<HTMLElement>("[data-testid=session-menu]")[1]?.click()) },
  branches: { prepare: branches },
  busy: {
    prepare: (shell) => {
      branches(shell);
      shell.views["s1"] = { running: true };
    },
    play: () => document.querySelector<HTMLElement>("[data-testid=fork-on]")?.focus(),
  },
  back: {
    prepare: (shell) => {
      branches(shell);
      const [, , ...rest] = shell.messages["s1"] ?? [];
      shell.messages["s1"] = (shell.messages["s1"] ?? []).slice(0, -rest.length);
      shell.shelves.branches["s1"] = [branch(0, null, "How many columns"), { ...branch(1, "b2", "", true), message_count: 0 }];
    },
  },
  usage: {
    prepare: (shell) => void (shell.replies["/usage"] = { said: null, open: "usage", session: null }),
    play: () => {
      const area = document.querySelector<HTMLTextAreaElement>("[data-composer]");
      if (!area) return;
      area.value = "/usage";
      area.dispatchEvent(new Event("input", { bubbles: true }));
      setTimeout(() => at("send")?.click(), 100);
    },
  },
};
