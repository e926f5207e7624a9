import { expect, test } from "vitest";
import type { EventKind, Outcome } from "../../ipc/types";
import { all, click, find, maybe, openWindow, settled, turnFinished, turnStarted, words } from "../../testing/open";
import { toolsWithCards } from "./cards";
import { askedEdits, todosOf } from "./details";

const root = "/home/lea/code/tidepool";

function started(id: string, name: string, input: unknown): EventKind {
  return { type: "tool_call_started", call: { id, name, input }, title: "Do", subject: "thing", read_only: true };
}

function finished(id: string, outcome: Outcome, content: string, details: unknown = null, duration_ms = 12): EventKind {
  return { type: "tool_call_finished", result: { call_id: id, content, outcome, details, duration_ms } };
}

async function ran(name: string, input: unknown, outcome: Outcome, content: string, details: unknown = null) {
  const shell = await openWindow();
  shell.agent("s1", turnStarted(), started("c1", name, input), finished("c1", outcome, content, details));
  await settled();
  return shell;
}

const edit = {
  path: `${root}/src/lex.rs`,
  added: 1,
  removed: 1,
  created: false,
  hunks: [{ old_start: 7, new_start: 7, lines: [{ kind: "context", text: "a" }, { kind: "del", text: "b" }, { kind: "add", text: "c" }] }],
};

const cases: Record<string, { input: unknown; content: string; details?: unknown; line: RegExp; card: RegExp }> = {
  read: { input: { path: `${root}/src/lex.rs` }, content: "1\tuse x;", line: /^Read src\/lex.rs 12 ms$/, card: /use x;/ },
  list_dir: { input: { path: root }, content: "src/\nCargo.toml", line: /^Listed \. 12 ms$/, card: /Cargo.toml/ },
  glob: { input: { pattern: "**/*.rs" }, content: "a.rs\nb.rs", details: { files: ["a.rs", "b.rs"] }, line: /^Found "\*\*\/\*.rs" 2 files · 12 ms$/, card: /b\.rs/ },
  grep: { input: { pattern: "advance(" }, content: "src/a.rs:12:  advance();", details: { hits: 1 }, line: /^Searched "advance\(" 1 hit · 12 ms$/, card: /src\/a.rs 12 advance\(\);/ },
  bash: { input: { command: "cargo test" }, content: "ok", details: { exit_code: 0, signal: null, duration_ms: 12, truncated: true }, line: /^Ran cargo test 12 ms$/, card: /ok exit 0 output cut to fit/ },
  write: { input: { path: `${root}/n.txt`, content: "c" }, content: "Created", details: { ...edit, created: true }, line: /^Created n.txt \+1 −1$/, card: /\+c/ },
  edit: { input: { path: `${root}/src/lex.rs` }, content: "Edited", details: edit, line: /^Edited src\/lex.rs \+1 −1$/, card: /7 a8−b8\+c|7 ?a/ },
  read_many: { input: { paths: ["a.rs", "b.rs"] }, content: "==> a.rs <==\n1\tuse x;", details: { files: [{ path: "a.rs" }, { path: "b.rs" }] }, line: /^Read thing 2 files · 12 ms$/, card: /use x;/ },
  multi_edit: { input: { path: `${root}/src/lex.rs`, edits: [{ old_text: "b", new_text: "c" }] }, content: "Made 1 edit", details: edit, line: /^Edited src\/lex.rs \+1 −1$/, card: /−b8\+c/ },
  notebook_edit: { input: { path: `${root}/n.ipynb`, action: "replace", cell: 2, source: "c" }, content: "Replaced cell 2", details: { ...edit, path: "n.ipynb" }, line: /^Edited n.ipynb \+1 −1$/, card: /−b8\+c/ },
  apply_patch: { input: { patch: "x" }, content: "Changed", details: { files: [edit, { ...edit, path: "b.rs", created: true, added: 4, removed: 0 }] }, line: /^Patched thing \+5 −1$/, card: /src\/lex.rs \+1 −1 .*b\.rs new \+4 −0/ },
  move: { input: { from: `${root}/a.rs`, to: "b.rs" }, content: "Moved `a.rs` to `b.rs`.", line: /^Moved a.rs → b.rs 12 ms$/, card: /Moved `a.rs`/ },
  copy: { input: { from: "a.rs", to: "b.rs" }, content: "Copied", details: { files: 1 }, line: /^Copied a.rs → b.rs 1 file · 12 ms$/, card: /Copied/ },
  mkdir: { input: { path: `${root}/new` }, content: "Made the folder", line: /^Made new 12 ms$/, card: /Made the folder/ },
  delete: { input: { path: "old" }, content: "Moved the folder `old` with 3 files to the trash.", details: { files: 3 }, line: /^Deleted old 3 files · 12 ms$/, card: /to the trash/ },
  tree: { input: {}, content: "./\n  src/", details: { entries: 1 }, line: /^Listed thing 1 entry · 12 ms$/, card: /src\// },
  code_outline: { input: { path: `${root}/src/lex.rs` }, content: "7-12  fn advance()", details: { path: "src/lex.rs", symbols: 1 }, line: /^Outlined src\/lex.rs/, card: /fn advance/ },
  symbol_search: { input: { name: "advance" }, content: "src/lex.rs:7  function fn advance()", details: { symbols_total: 1 }, line: /^Looked for advance 1 symbol · 12 ms$/, card: /src\/lex.rs/ },
  web_search: { input: { query: "tokio select" }, content: "1. Select\nhttps://tokio.rs", line: /^Searched the web for "tokio select" 12 ms$/, card: /tokio\.rs/ },
  web_fetch: { input: { url: "https://docs.rs/tokio" }, content: "# tokio", line: /^Fetched https:\/\/docs\.rs\/tokio 12 ms$/, card: /# tokio/ },
  download: { input: { url: "https://docs.rs/a.zip", path: `${root}/a.zip` }, content: "Saved", line: /^Downloaded https:\/\/docs\.rs\/a\.zip → a\.zip 12 ms$/, card: /Saved/ },
  job_list: { input: {}, content: "job-1  running for 3 s  cargo watch", line: /^Listed thing 12 ms$/, card: /cargo watch/ },
  job_output: { input: { id: "job-1" }, content: "listening on 8080", line: /^Looked at job-1 12 ms$/, card: /listening/ },
  job_kill: { input: { id: "job-1" }, content: "Ended `job-1`", line: /^Stopped job-1 12 ms$/, card: /Ended/ },
  todo: { input: { todos: [{ content: "Reproduce", status: "completed" }] }, content: "ok", line: /^Planned/, card: /Reproduce, done/ },
  ask_user: { input: { question: "One or two?" }, content: "Two", line: /^Asked One or two\?/, card: /You answered Two/ },
  mcp_weather: { input: { city: "Kyiv" }, content: "sunny", line: /^Do thing 12 ms$/, card: /Kyiv.*sunny/ },
};

test("every card that exists is in these cases", () => {
  expect([...toolsWithCards].sort()).toEqual(Object.keys(cases).filter((name) => name !== "mcp_weather").sort());
});

for (const [name, { input, content, details, line, card }] of Object.entries(cases)) {
  test(`${name}: one line, and its card behind it`, async () => {
    await ran(name, input, "ok", content, details ?? null);
    const tool = find("tool-line");
    const button = tool.querySelector("button")!;
    expect(words(button)).toMatch(line);
    if (button.getAttribute("aria-expanded") === "false") await click(button);
    expect(words(tool.querySelector(".card"))).toMatch(card);
  });

  for (const outcome of ["failed", "denied", "cancelled"] as const) {
    test(`${name}: ${outcome} is said and its card still opens`, async () => {
      await ran(name, input, outcome, "The reason why");
      const tool = find("tool-line");
      expect(tool.dataset["outcome"]).toBe(outcome);
      expect(words(tool)).toContain({ failed: "failed", denied: "denied", cancelled: "stopped" }[outcome]);
      const button = tool.querySelector("button")!;
      if (button.getAttribute("aria-expanded") === "false") await click(button);
      expect(tool.querySelector(".card")).not.toBeNull();
    });
  }

  test(`${name}: survives input and details of any shape`, async () => {
    for (const odd of [null, "text", 7, [], { path: 5, todos: "x", command: null, hunks: [{ lines: [{ kind: "x" }, null] }, 3] }]) {
      await ran(name, odd, "ok", "", odd);
      const button = all("tool-line").at(-1)!.querySelector("button")!;
      await click(button);
      await click(button);
      document.body.replaceChildren();
    }
  });
}

test("consecutive reads fold into one line that opens to each of them", async () => {
  const shell = await openWindow();
  shell.agent("s1", turnStarted());
  for (const file of ["a", "b", "c"]) {
    shell.agent("s1", started(file, "read", { path: `${root}/${file}.rs` }), finished(file, "ok", "x"));
  }
  shell.agent("s1", started("g", "grep", { pattern: "x" }), finished("g", "ok", ""), started("d", "read", { path: `${root}/d.rs` }), finished("d", "ok", "x"));
  await settled();
  expect(words(find("tool-fold"))).toMatch(/^Read 3 files a\.rs, b\.rs, c\.rs 36 ms$/);
  expect(all("tool-line").map((line) => line.dataset["tool"])).toEqual(["grep", "read"]);
  await click(find("tool-fold").querySelector("button")!);
  expect(all("tool-line")).toHaveLength(5);
});

test("a read that failed stays outside of the fold", async () => {
  const shell = await openWindow();
  shell.agent("s1", turnStarted());
  for (const [file, outcome] of [["a", "ok"], ["b", "failed"], ["c", "ok"]] as const) {
    shell.agent("s1", started(file, "read", { path: file }), finished(file, outcome, "No such file"));
  }
  await settled();
  expect(maybe("tool-fold")).toBeNull();
  expect(all("tool-line")).toHaveLength(3);
});

test("output of a running command is shown as it comes", async () => {
  const shell = await openWindow();
  shell.agent("s1", turnStarted(), started("c1", "bash", { command: "make" }));
  await settled();
  expect(words(find("tool-line"))).toContain("Running make");
  shell.agent("s1", { type: "tool_output", call_id: "c1", stream: "stdout", text: "line 1\nli" }, { type: "tool_output", call_id: "c1", stream: "stdout", text: "ne 2\n" });
  await settled();
  expect(find("tool-line").querySelector("pre")?.textContent).toBe("line 1\nline 2\n");
  shell.agent("s1", { type: "tool_output", call_id: "c1", stream: "stderr", text: "oh\n" }, finished("c1", "failed", "", { exit_code: 2, signal: null, duration_ms: 3, truncated: false }));
  await settled();
  expect(words(find("tool-line"))).toContain("exit 2");
});

test("a call without a result is shown as stopped once the turn is over", async () => {
  const shell = await openWindow();
  shell.agent("s1", turnStarted(), started("c1", "bash", { command: "sleep 9" }), turnFinished("t1", { reason: "cancelled" }));
  await settled();
  expect(find("tool-line").dataset["outcome"]).toBe("cancelled");
  expect(document.body.textContent).toContain("Stopped by you.");
});

test("todo lists of either wording are understood, others are none", () => {
  expect(todosOf([{ content: "a", status: "in_progress" }])).toEqual([{ text: "a", status: "in_progress" }]);
  expect(todosOf({ items: [{ text: "a", state: "done" }] })).toEqual([{ text: "a", status: "completed" }]);
  for (const odd of [null, 3, "x", [null, 5, {}], { todos: {} }]) expect(todosOf(odd)).toEqual([]);
});

test("what a patch asks for is shown by file, in both forms", () => {
  const shown = (patch: string) =>
    askedEdits({ patch }).map((edit) => `${edit.path} ${edit.created ? "new " : ""}${edit.deleted ? "gone " : ""}+${edit.added} -${edit.removed} @${edit.hunks.map((hunk) => hunk.old_start).join()}`);
  const own = "*** Begin Patch\n*** Update File: a.rs\n@@ fn a() {\n ctx\n-old\n+new\n+more\n*** Add File: b.rs\n+one\n*** Delete File: c.rs\n*** Update File: d.rs\n*** Move to: e.rs\n@@\n-x\n*** End Patch\n";
  expect(shown(own)).toEqual(["a.rs +2 -1 @1", "b.rs new +1 -0 @1", "c.rs gone +0 -0 @", "d.rs → e.rs +0 -1 @1"]);
  const unified = "diff --git a/a.rs b/a.rs\n--- a/a.rs\n+++ b/a.rs\n@@ -12,2 +12,2 @@ fn a\n ctx\n-old\n+new\n--- /dev/null\n+++ b/b.rs\n@@ -0,0 +1 @@\n+one\n";
  expect(shown(unified)).toEqual(["a.rs +1 -1 @12", "b.rs new +1 -0 @0"]);
  expect(askedEdits({ patch: "no patch" })).toEqual([]);
  expect(askedEdits({ path: "a", edits: [{ old_text: "a", new_text: "b" }, { old_text: "c", new_text: "" }] })).toMatchObject([{ path: "a", added: 1, removed: 2 }]);
});
