import { expect, test } from "vitest";
import type { ShelfQuery } from "../ipc/types";
import { all, click, find, later, maybe, openWindow, press, request, send, session, settled, turnStarted, words } from "../testing/open";

const hour = 3_600_000;

test("sessions are grouped by day, newest first, with their state", async () => {
  const now = Date.now();
  await openWindow((fake) => {
    fake.sessions = [
      session("old", "Older", now - 72 * hour),
      { ...session("new", "Newest", now), state: "waiting" },
      session("yesterday", "The day before", new Date(now).setHours(0, 0, 0, 0) - hour),
    ];
  });
  expect(all("session-item").map((item) => item.dataset["id"])).toEqual(["new", "yesterday", "old"]);
  expect([...find("session-list").querySelectorAll("h2")].map((head) => words(head))).toEqual(["Yesterday", "Earlier"]);
  expect(words(all("session-item")[0]!)).toContain("waiting");
});

test("search asks the shell and shows what it found", async () => {
  const shell = await openWindow((fake) => {
    fake.sessions = [session("s1", "Parser times out"), session("s2", "Rename Loader", 5)];
  });
  await press(document.body, "k", { ctrlKey: true });
  const field = find("session-search") as HTMLInputElement;
  expect(document.activeElement).toBe(field);
  field.value = "rename";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await later(200);
  expect(shell.called("search").map(([query]) => (query as ShelfQuery).words)).toEqual(["rename"]);
  expect(all("search-session").map((item) => item.dataset["id"])).toEqual(["s2"]);

  field.value = "zzz";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await later(200);
  expect(words(find("search-nothing"))).toContain("Nothing has all of these words.");
  await press(field, "Escape");
  expect(all("session-item")).toHaveLength(2);
});

test("Ctrl+N starts a session, and only when the one on screen has content", async () => {
  const shell = await openWindow((fake) => {
    fake.messages["s1"] = [{ id: "a", turn_id: "t0", role: "user", origin: "typed", blocks: [{ type: "text", text: "hi" }], created_ms: 0 }];
  });
  await press(document.body, "n", { ctrlKey: true });
  expect(shell.called("sessionStart")).toEqual([[null]]);
  expect(document.activeElement).toBe(find("composer-input"));
  await press(document.body, "n", { ctrlKey: true });
  expect(shell.called("sessionStart")).toHaveLength(1);
});

test("the first message of an empty window starts its session", async () => {
  const shell = await openWindow((fake) => (fake.sessions = []));
  expect(maybe("empty")).not.toBeNull();
  await send("hello");
  expect(shell.called("sessionStart")).toEqual([[null]]);
  expect(shell.called("sessionSubmit")).toEqual([["new-1", "hello", "typed"]]);
});

test("words are kept when the session cannot start", async () => {
  await openWindow((fake) => {
    fake.sessions = [];
    fake.failures.sessionStart = { kind: "workspace_gone", message: "The folder is gone.", hints: ["Choose another folder."] };
  });
  await send("hello");
  expect((find("composer-input") as HTMLTextAreaElement).value).toBe("hello");
  expect(words(find("banner"))).toBe("The folder is gone. Choose another folder.");
});

test("a session begun by voice comes on screen by itself", async () => {
  const shell = await openWindow((fake) => (fake.sessions = []));
  shell.sessions = [session("spoken", "Run the tests")];
  shell.agent("spoken", { type: "session_updated", summary: session("spoken", "Run the tests") });
  await settled();
  expect(shell.called("sessionOpen")).toEqual([["spoken"]]);
});

test("the shell can bring a session to the front", async () => {
  const shell = await openWindow((fake) => fake.sessions.push(session("s2", "Other", 5)));
  await click(find("settings-open"));
  shell.emit({ from: "focus_session", session_id: "s2" });
  await settled();
  expect(maybe("settings")).toBeNull();
  expect(all("session-item").find((item) => item.ariaCurrent === "true" || item.getAttribute("aria-current"))?.dataset["id"]).toBe("s2");
});

test("a question that waits behind the settings shows on the rail", async () => {
  const shell = await openWindow();
  await click(find("settings-open"));
  shell.agent("s1", turnStarted(), { type: "permission_asked", request: request("p1") });
  await settled();
  await click(document.querySelector("[aria-label='Conversation: a question waits']")!);
  expect(maybe("ask-card")).not.toBeNull();
});

test("Ctrl+K in the settings shows the list, wherever it was", async () => {
  await openWindow();
  await click(find("settings-open"));
  await press(document.body, "k", { ctrlKey: true });
  expect(maybe("session-list")).not.toBeNull();
  expect(document.activeElement).toBe(find("session-search"));
});

test("notices and refused calls are banners that can be put away", async () => {
  const shell = await openWindow((fake) => {
    fake.state.notices = [{ kind: "config", message: "settings.toml cannot be read.", hints: ["Defaults are in force."] }];
  });
  expect(words(find("banner"))).toBe("settings.toml cannot be read. Defaults are in force.");
  await click(find("banner").querySelector("button")!);
  expect(maybe("banner")).toBeNull();
  shell.emit({ from: "state", state: shell.state });
  await settled();
  expect(maybe("banner")).toBeNull();
});

test("a session that cannot be opened says why and can be tried again", async () => {
  const shell = await openWindow((fake) => {
    fake.failures.sessionOpen = { kind: "store", message: "The database cannot be read.", hints: ["Check the disk."] };
  });
  expect(document.body.textContent).toContain("The database cannot be read.");
  delete shell.failures.sessionOpen;
  const again = [...document.querySelectorAll("main button")].find((button) => words(button) === "Try again");
  await click(again!);
  expect(document.body.textContent).not.toContain("The database cannot be read.");
});

test("the mode is chosen from its menu, and bypass only after a question", async () => {
  const shell = await openWindow();
  await click(find("mode-chip"));
  await click(document.querySelector("[role=menu] [data-value=plan]")!);
  expect(shell.called("sessionSetMode")).toEqual([["s1", "plan"]]);
  expect(find("mode-chip").dataset["value"]).toBe("plan");

  await click(find("mode-chip"));
  await click(document.querySelector("[role=menu] [data-value=bypass]")!);
  expect(shell.called("sessionSetMode")).toHaveLength(1);
  const sure = [...document.querySelectorAll("dialog button")].find((button) => words(button) === "Turn on bypass");
  await click(sure!);
  expect(shell.called("sessionSetMode")).toEqual([["s1", "plan"], ["s1", "bypass"]]);
});

test("tokens are shown once they are known", async () => {
  const shell = await openWindow();
  const header = document.querySelector("header")!;
  expect(words(header)).not.toContain("context");
  shell.agent("s1", turnStarted(), {
    type: "usage_reported",
    usage: { input_tokens: 1000, output_tokens: 500, cache_read_tokens: 11_400, cache_write_tokens: 0 },
  });
  shell.agent("s1", { type: "context_changed", used_tokens: 12_400, window: null });
  await settled();
  expect(words(header)).toContain("12.4k in context");
  expect(words(header)).toContain("12.9k tokens");
  expect(words(header)).toContain("Sandbox ready");
});

test("renaming goes to the shell and back when it is refused", async () => {
  const shell = await openWindow();
  await press(find("session-item"), "F2");
  const field = find("session-list").querySelector("input")!;
  field.value = "Better title";
  await press(field, "Enter");
  expect(shell.called("sessionRename")).toEqual([["s1", "Better title"]]);
  expect(words(find("session-item"))).toContain("Better title");

  shell.failures.sessionRename = { kind: "store", message: "The disk is full.", hints: [] };
  await press(find("session-item"), "F2");
  const again = find("session-list").querySelector("input")!;
  again.value = "Lost title";
  await press(again, "Enter");
  expect(words(find("session-item"))).toContain("Better title");
});
