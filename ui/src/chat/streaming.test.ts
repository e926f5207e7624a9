import { expect, test } from "vitest";
import { all, answered, click, find, maybe, openWindow, press, send, settled, turnFinished, turnStarted, type, userSaid, words } from "../testing/open";

test("deltas appear in order and the durable message takes their place", async () => {
  const shell = await openWindow();
  shell.agent("s1", turnStarted(), userSaid("hello"), { type: "message_started", message_id: "a" });
  for (const text of ["One ", "**two**", " three"]) shell.agent("s1", { type: "text_delta", message_id: "a", text });
  await settled();
  expect(words(find("answer"))).toContain("One two three");
  expect(find("answer").querySelector("strong")?.textContent).toBe("two");
  const line = find("answer");

  shell.agent("s1", answered("a", "One **two** three."), turnFinished());
  await settled();
  expect(all("answer")).toEqual([line]);
  expect(words(line)).toContain("One two three.");
  expect(words(find("transcript-last-user"))).toContain("hello");
});

test("a discarded message leaves nothing behind", async () => {
  const shell = await openWindow();
  shell.agent("s1", turnStarted(), { type: "message_started", message_id: "a" }, { type: "text_delta", message_id: "a", text: "half an ans" });
  await settled();
  expect(all("answer")).toHaveLength(1);
  shell.agent("s1", { type: "message_discarded", message_id: "a" });
  await settled();
  expect(all("answer")).toHaveLength(0);
  shell.agent("s1", { type: "message_started", message_id: "b" }, { type: "text_delta", message_id: "b", text: "whole" }, answered("b", "whole"));
  await settled();
  expect(all("answer").map((answer) => words(answer))).toEqual(["Familiar said: whole"]);
});

test("text, tool call and text keep the order they happened in", async () => {
  const shell = await openWindow();
  const call = { id: "c1", name: "list_dir", input: { path: "/home/lea/code/tidepool/src" } };
  shell.agent(
    "s1",
    turnStarted(),
    { type: "message_started", message_id: "a" },
    { type: "text_delta", message_id: "a", text: "Looking." },
    {
      type: "message_added",
      message: { id: "a", turn_id: "t1", role: "assistant", origin: "typed", blocks: [{ type: "text", text: "Looking." }, { type: "tool_call", ...call }], created_ms: 0 },
    },
    { type: "tool_call_started", call, title: "List", subject: "src", read_only: true },
    { type: "tool_call_finished", result: { call_id: "c1", content: "main.rs", outcome: "ok", details: null, duration_ms: 2 } },
    { type: "text_delta", message_id: "b", text: "One file." },
  );
  await settled();
  const order = [...document.querySelectorAll("[data-testid=answer], [data-testid=tool-line]")].map((element) => words(element));
  expect(order[0]).toContain("Looking.");
  expect(order[1]).toContain("Listed");
  expect(order[1]).toContain("src");
  expect(order[2]).toContain("One file.");
  expect(find("tool-line").dataset).toMatchObject({ tool: "list_dir", outcome: "ok" });
});

test("events the opened view already holds are not shown twice", async () => {
  const shell = await openWindow((fake) => {
    fake.messages["s1"] = [{ id: "a", turn_id: "t1", role: "assistant", origin: "typed", blocks: [{ type: "text", text: "Here." }], created_ms: 0 }];
    fake.views["s1"] = { last_seq: 3 };
  });
  shell.agent("s1", turnStarted(), answered("a", "Here."), answered("a2", "Skipped, it is older than the view."));
  await settled();
  expect(all("answer").map((answer) => words(answer))).toEqual(["Familiar said: Here."]);
  shell.agent("s1", answered("a3", "New."));
  await settled();
  expect(all("answer")).toHaveLength(2);
});

test("an answer that streams while its session is opened goes on where it stands", async () => {
  const shell = await openWindow((fake) => {
    fake.messages["s1"] = [{ id: "a", turn_id: "t1", role: "assistant", origin: "typed", blocks: [{ type: "text", text: "The first half" }], created_ms: 0 }];
    fake.views["s1"] = { running: true };
  });
  shell.agent("s1", { type: "text_delta", message_id: "a", text: " and the second" });
  await settled();
  expect(all("answer").map((answer) => words(answer))).toEqual(["Familiar said: The first half and the second"]);
  shell.agent("s1", answered("a", "The first half and the second."), turnFinished());
  await settled();
  expect(all("answer").map((answer) => words(answer))).toEqual(["Familiar said: The first half and the second."]);
});

test("after events were lost, the session is read anew", async () => {
  const shell = await openWindow();
  shell.messages["s1"] = [{ id: "a", turn_id: "t1", role: "assistant", origin: "typed", blocks: [{ type: "text", text: "Missed." }], created_ms: 0 }];
  shell.emit({ from: "lagged", count: 3 });
  await settled();
  expect(all("answer").map((answer) => words(answer))).toEqual(["Familiar said: Missed."]);
});

test("spoken words are marked as spoken", async () => {
  const shell = await openWindow();
  shell.agent("s1", turnStarted(), userSaid("run the tests", "spoken"));
  await settled();
  expect(words(find("transcript-last-user"))).toContain("spoken");
});

test("a failed turn says what happened and offers to try again", async () => {
  const shell = await openWindow();
  shell.agent(
    "s1",
    turnStarted(),
    userSaid("go on"),
    turnFinished("t1", { reason: "failed", error: { kind: "unreachable", message: "The provider cannot be reached.", hints: ["Check the network."] } }),
  );
  await settled();
  const alert = document.querySelector(".turn [role=alert]");
  expect(words(alert)).toContain("The provider cannot be reached. Check the network.");
  const again = [...(alert?.querySelectorAll("button") ?? [])].find((button) => words(button) === "Try again");
  if (!again) throw new Error("no way to try again");
  await click(again);
  expect(shell.called("sessionSubmit")).toEqual([["s1", "go on", "typed"]]);
});

test("a retry is announced with its number", async () => {
  const shell = await openWindow();
  shell.agent("s1", turnStarted(), { type: "retry_scheduled", attempt: 2, delay_ms: 4000, reason: "The provider is overloaded." });
  await settled();
  expect(words(find("working"))).toMatch(/overloaded\. Trying again in [34] s \(attempt 2\)/);
  shell.agent("s1", { type: "message_started", message_id: "a" });
  await settled();
  expect(words(find("working"))).not.toContain("attempt");
});

test("a message typed while a turn runs is queued and sent when it ends", async () => {
  const shell = await openWindow();
  await send("first");
  shell.agent("s1", turnStarted("t1"));
  await settled();
  await send("second");
  await send("third");
  expect(words(find("queue"))).toContain("second");
  expect(shell.called("sessionSubmit")).toHaveLength(1);

  shell.agent("s1", turnFinished("t1"));
  await settled();
  expect(shell.called("sessionSubmit").map(([, text]) => text)).toEqual(["first", "second"]);
  expect(words(find("queue"))).not.toContain("second");
});

test("what was queued behind a stopped turn returns to the composer", async () => {
  const shell = await openWindow();
  await send("first");
  shell.agent("s1", turnStarted());
  await settled();
  await send("second");
  shell.agent("s1", turnFinished("t1", { reason: "cancelled" }));
  await settled();
  expect(maybe("queue")).toBeNull();
  expect((find("composer-input") as HTMLTextAreaElement).value).toBe("second");
  expect(shell.called("sessionSubmit")).toHaveLength(1);
});

test("a refused message stays with the person who wrote it", async () => {
  await openWindow((fake) => {
    fake.failures.sessionSubmit = { kind: "busy", message: "A turn is already running.", hints: ["Wait for it, or stop it."] };
  });
  await send("precious words");
  expect((find("composer-input") as HTMLTextAreaElement).value).toBe("precious words");
  expect(words(find("banner"))).toContain("A turn is already running.");
});

test("Esc stops the running turn when nothing is typed, and only then at once", async () => {
  const shell = await openWindow();
  shell.agent("s1", turnStarted());
  await settled();
  await type("half a thought");
  await press(find("composer-input"), "Escape");
  expect(shell.called("sessionCancel")).toEqual([]);
  await press(find("composer-input"), "Escape");
  expect(shell.called("sessionCancel")).toEqual([["s1"]]);
});

test("Shift+Enter and composing never send", async () => {
  const shell = await openWindow();
  await type("a line");
  await press(find("composer-input"), "Enter", { shiftKey: true });
  await press(find("composer-input"), "Enter", { isComposing: true });
  expect(shell.called("sessionSubmit")).toEqual([]);
});

test("drafts stay with their session", async () => {
  await openWindow((fake) => fake.sessions.push({ ...fake.sessions[0]!, id: "s2", title: "Another", updated_ms: 1 }));
  await type("for the first");
  await click(all("session-item")[1]!);
  expect((find("composer-input") as HTMLTextAreaElement).value).toBe("");
  await click(all("session-item")[0]!);
  expect((find("composer-input") as HTMLTextAreaElement).value).toBe("for the first");
});
