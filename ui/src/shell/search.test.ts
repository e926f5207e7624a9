import { expect, test } from "vitest";
import type { FakeBackend } from "../ipc/fake";
import type { Message, SearchPage, ShelfQuery } from "../ipc/types";
import { all, click, find, later, maybe, openWindow, press, session, settled, words } from "../testing/open";

const hour = 3_600_000;

function said(id: string, text: string, role: Message["role"] = "user", origin: Message["origin"] = "typed"): Message {
  return { id, turn_id: `t-${id}`, role, origin, blocks: [{ type: "text", text }], created_ms: Date.now() - hour };
}

const open = (prepare: (shell: FakeBackend) => void = () => undefined) =>
  openWindow((fake) => {
    fake.sessions = [session("s1", "Parser times out"), session("s2", "Rename Loader", Date.now() - 5), { ...session("s3", "Other place", 3), workspace: "/home/lea/code/harbour" }];
    fake.messages["s2"] = [said("m1", "where is the parser"), said("m2", "The parser is in lex.rs", "assistant")];
    fake.messages["s3"] = [said("m3", "a parser of harbours")];
    prepare(fake);
  });

const field = () => find("session-search") as HTMLInputElement;

async function look(text: string, ms = 200): Promise<void> {
  field().focus();
  field().value = text;
  field().dispatchEvent(new Event("input", { bubbles: true }));
  await settled();
  if (ms > 0) await later(ms);
}

const chosen = () => words(document.querySelector("[role=option][aria-selected=true]"));
const asked = (shell: FakeBackend) => shell.called("search").map(([query]) => query as ShelfQuery);

test("titles are found at once, what was said a moment later, by session", async () => {
  const shell = await open();
  await look("parser", 0);
  expect(all("search-session").map((line) => line.dataset["id"])).toEqual(["s1"]);
  expect(asked(shell)).toEqual([]);
  await later(200);
  expect(asked(shell)[0]).toMatchObject({ words: "parser", workspace: null, places: ["active", "archived"] });
  expect(all("search-session").map((line) => line.dataset["id"])).toEqual(["s1", "s2", "s3"]);
  expect(all("search-hit").map((line) => words(line))).toEqual(["You1 h where is the parser", "Familiar1 h The parser is in lex.rs", "You1 h a parser of harbours"]);
  expect([...find("search-results").querySelectorAll("mark")].map((mark) => words(mark))).toEqual(["Parser", "parser", "parser", "parser"]);
});

test("arrow keys walk the hits and Enter opens the session at the message", async () => {
  const shell = await open();
  await look("parser");
  expect(chosen()).toContain("Parser times out");
  for (const key of ["ArrowDown", "ArrowDown", "ArrowDown"]) await press(field(), key);
  expect(chosen()).toContain("lex.rs");
  expect(field().getAttribute("aria-activedescendant")).toBe(document.querySelector("[aria-selected=true]")!.id);
  await press(field(), "Enter");
  await settled();
  expect(shell.called("sessionOpen").at(-1)).toEqual(["s2"]);
  expect(words(document.querySelector("[data-found]"))).toContain("The parser is in lex.rs");
  expect(document.activeElement, "the next hit is one key away").toBe(field());
  expect(words(find("search-results").querySelector("[role=status]"))).toBe("Opened: Rename Loader");
  await later(4000);
  expect(document.querySelector("[data-found]")).toBeNull();
  await press(field(), "Escape");
  expect(maybe("search-results")).toBeNull();
  await press(field(), "Escape");
  expect(document.activeElement).toBe(find("composer-input"));
});

test("without a title that fits, Enter means the first hit, even before the answer", async () => {
  const shell = await open();
  await look("lex.rs", 0);
  await press(field(), "Enter");
  expect(shell.called("sessionOpen")).toHaveLength(1);
  await later(200);
  expect(shell.called("sessionOpen").at(-1)).toEqual(["s2"]);
  expect(words(document.querySelector("[data-found]"))).toContain("lex.rs");
});

test("one question is out at a time and only the last answer is shown", async () => {
  const shell = await open();
  const answers: ((page: SearchPage) => void)[] = [];
  const asked: string[] = [];
  shell.search = (query) => {
    asked.push(query.words);
    return new Promise((resolve) => answers.push(resolve));
  };
  for (const text of ["p", "pa", "par", "pars"]) await look(text, 200);
  expect(asked).toEqual(["p"]);
  expect(words(find("search-results"))).toContain("Searching…");
  const hit = { session_id: "s9", workspace: "", place: "active", message_id: null, role: null, origin: null, branch: null, superseded: false, at_ms: 0, rank: 0, snippet: [] } as const;
  answers[0]!({ hits: [{ ...hit, title: "Stale", snippet: [] }], more: false });
  await settled();
  expect(asked).toEqual(["p", "pars"]);
  expect(words(find("search-results"))).not.toContain("Stale");
  answers[1]!({ hits: [{ ...hit, title: "Fresh", snippet: [] }], more: false });
  await settled();
  expect(words(find("search-results"))).toContain("Fresh");
  expect(words(find("search-results"))).not.toContain("Searching…");
});

test("a search that was ended asks nothing more", async () => {
  const shell = await open();
  let answer: (page: SearchPage) => void = () => undefined;
  let count = 0;
  shell.search = () => {
    count += 1;
    return new Promise((resolve) => (answer = resolve));
  };
  await look("parser");
  await press(field(), "Escape");
  answer({ hits: [], more: false });
  await later(500);
  expect(count).toBe(1);
  expect(all("session-item")).toHaveLength(3);
});

test("the search is narrowed to this folder and widened again", async () => {
  const shell = await open();
  await look("parser");
  await click(find("search-here"));
  await later(50);
  expect(asked(shell).at(-1)).toMatchObject({ workspace: "/home/lea/code/tidepool" });
  expect(all("search-session").map((line) => line.dataset["id"])).toEqual(["s1", "s2"]);
  await look("harbours");
  expect(words(find("search-nothing"))).toContain("Only this folder was looked through.");
  await click(find("search-nothing").querySelector("button")!);
  await later(50);
  expect(all("search-session").map((line) => line.dataset["id"])).toEqual(["s3"]);
});

test("a search that fails says so in its place and can be tried again", async () => {
  const shell = await open((fake) => (fake.failures.search = { kind: "store", message: "The database cannot be read.", hints: ["Check the disk."] }));
  await look("zebra");
  expect(words(find("search-failed"))).toBe("The database cannot be read. Check the disk. Try again");
  expect(maybe("banner")).toBeNull();
  delete shell.failures.search;
  await click(find("search-failed").querySelector("button")!);
  await later(50);
  expect(words(find("search-nothing"))).toContain("Nothing has all of these words.");
});

test("many hits of one session are folded, and further ones fetched", async () => {
  const shell = await open((fake) => (fake.messages["s2"] = Array.from({ length: 70 }, (_, index) => said(`n${index}`, `needle ${index}`))));
  await look("needle");
  expect(all("search-hit")).toHaveLength(3);
  expect(words(find("search-rest"))).toBe("57 more in this session");
  await click(find("search-rest"));
  expect(all("search-hit")).toHaveLength(60);
  expect(chosen()).toContain("needle 3");
  await click(find("search-more"));
  expect(asked(shell).at(-1)).toMatchObject({ offset: 60 });
  expect(all("search-hit")).toHaveLength(70);
  expect(maybe("search-more")).toBeNull();
});

test("what a tool answered is not put into the person's mouth", async () => {
  await open((fake) => {
    fake.messages["s2"] = [
      { ...said("c", ""), role: "assistant", blocks: [{ type: "tool_call", id: "call", name: "bash", input: { command: "ls" } }] },
      { ...said("r", ""), origin: "program", blocks: [{ type: "tool_result", call_id: "call", content: "zebra.txt", outcome: "ok", details: null, duration_ms: 1 }] },
    ];
  });
  await look("zebra");
  expect(words(find("search-hit"))).toContain("A tool");
  await press(field(), "Enter");
  await settled();
  expect(words(document.querySelector("[data-found]"))).toContain("zebra.txt");
});

test("a hit on another branch brings that branch up, and the banner leads back", async () => {
  const lines = { 0: [said("a", "begin"), said("b", "old needle")], 1: [said("a", "begin"), said("c", "new words")] };
  const branch = { begins_with: "", message_count: 1, created_ms: 0 };
  const shell = await open((fake) => {
    fake.shelves.lines["s2"] = lines;
    fake.messages["s2"] = lines[1];
    fake.shelves.branches["s2"] = [
      { ...branch, number: 0, parent: null, after: null, current: false },
      { ...branch, number: 1, parent: 0, after: "a", current: true },
    ];
  });
  await look("needle");
  expect(words(find("search-hit"))).toContain("on another branch");
  await press(field(), "Enter");
  await settled();
  expect(shell.called("branchChoose")).toEqual([["s2", 0]]);
  expect(words(document.querySelector("[data-found]"))).toContain("old needle");
  await click([...find("banner").querySelectorAll("button")].find((button) => words(button) === "Go back")!);
  await settled();
  expect(shell.called("branchChoose").at(-1)).toEqual(["s2", 1]);
  expect(words(document.querySelector("[role=log]"))).toContain("new words");
});
