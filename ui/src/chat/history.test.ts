import { expect, test } from "vitest";
import type { Branch, Message } from "../ipc/types";
import { all, answered, click, find, later, maybe, openWindow, press, send, session, settled, turnFinished, turnStarted, userSaid, words } from "../testing/open";

function said(number: number): Message {
  return { id: `m${number}`, turn_id: `t${number}`, role: "user", origin: "typed", blocks: [{ type: "text", text: `word ${number}.` }], created_ms: 1 };
}

const texts = () => [...document.querySelectorAll("[data-role=user] p")].map((line) => words(line));

/** A session of 100 messages, 10 a page, opened at the hit on number 50. */
async function openAtFifty() {
  const shell = await openWindow((fake) => {
    fake.sessions = [session("s1"), session("s2", "Long", 5)];
    fake.messages["s2"] = Array.from({ length: 100 }, (_, index) => said(index));
    fake.shelves.pageSize = 10;
  });
  const field = find("session-search") as HTMLInputElement;
  field.value = '"word 50."';
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await later(200);
  await click(find("search-hit"));
  await settled();
  return shell;
}

test("a hit far back opens there, and pages lead both ways to the live end", async () => {
  const shell = await openAtFifty();
  expect(shell.called("historyAround")).toEqual([["s2", "m50"]]);
  expect(words(document.querySelector("[data-found]"))).toContain("word 50.");
  expect(texts()).toEqual([45, 46, 47, 48, 49, 50, 51, 52, 53, 54].map((number) => `word ${number}.`));
  await click(find("show-older"));
  expect(shell.called("historyOlder").at(-1)).toEqual(["s2", "m45"]);
  expect(texts()[0]).toBe("word 35.");
  expect(words(find("show-newer"))).toBe("Show later messages (45)");
  for (let page = 0; page < 5; page += 1) await click(find("show-newer"));
  await settled();
  expect(maybe("show-newer")).toBeNull();
  // Pages far from what is read are not drawn.
  const numbers = texts().map((text) => Number.parseInt(text.slice(5)));
  expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
  expect([...numbers, 99].filter((number) => number >= 45 && number <= 56)).toHaveLength(12);
  expect(numbers.at(-1)).toBe(99);
  shell.agent("s2", turnStarted("t9"), userSaid("live", "typed", "t9"), answered("a9", "Here."), turnFinished("t9"));
  await settled();
  expect(texts().at(-1)).toBe("live");
});

test("what happens meanwhile stays off the old pages and is there at the end", async () => {
  const shell = await openAtFifty();
  shell.agent("s2", turnStarted("t9"), userSaid("live", "typed", "t9"), { type: "message_started", message_id: "a9" }, { type: "text_delta", message_id: "a9", text: "Half" });
  await settled();
  expect(texts()).not.toContain("live");
  expect(words(find("show-newer"))).toBe("Show later messages (46)");
  shell.messages["s2"]?.push({ ...said(100), id: "u-live", turn_id: "t9", blocks: [{ type: "text", text: "live" }] });
  await click(find("to-end"));
  await settled();
  expect(maybe("show-newer")).toBeNull();
  expect(texts().at(-1)).toBe("live");
});

test("whoever says something there is taken to the end first", async () => {
  const shell = await openAtFifty();
  await send("and now?");
  expect(maybe("show-newer")).toBeNull();
  expect(texts()[0]).toBe("word 90.");
  expect(shell.called("sessionSubmit")).toEqual([["s2", "and now?", "typed"]]);
});

test("a session left in its middle is at its end when it is opened again", async () => {
  await openAtFifty();
  const other = all("search-session").length;
  expect(other).toBe(1);
  await press(find("session-search"), "Escape");
  const item = (id: string) => all("session-item").find((one) => one.dataset["id"] === id)!;
  await click(item("s1"));
  await click(item("s2"));
  await settled();
  expect(texts()[0]).toBe("word 90.");
});

test("a page whose message is gone says so and shows the end", async () => {
  const shell = await openWindow((fake) => {
    fake.messages["s1"] = [said(1)];
    fake.failures.historyAround = { kind: "not_found", message: "This message is gone.", hints: [] };
  });
  shell.search = async () => ({
    hits: [{ session_id: "s1", title: "A session", workspace: "", place: "active", message_id: "m7", role: "user", origin: "typed", branch: 0, superseded: false, at_ms: 0, rank: 0, snippet: [] }],
    more: false,
  });
  const field = find("session-search") as HTMLInputElement;
  field.value = "x";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await later(200);
  await click(find("search-hit"));
  expect(words(find("banner"))).toBe("This message is gone.");
  expect(texts()).toEqual(["word 1."]);
});

const branch = (number: number, parent: number | null, after: string | null, current = false): Branch => ({
  number,
  current,
  parent,
  after,
  begins_with: `begins ${number}`,
  message_count: 1,
  created_ms: 0,
});

/** m1 then m2; at m1 a second line begins (m3, m4), at m3 a third (m5). */
async function openBranches(current = 1, running = false) {
  const lines: Record<number, Message[]> = { 0: [said(1), said(2)], 1: [said(1), said(3), said(4)], 2: [said(1), said(3), said(5)] };
  return openWindow((fake) => {
    fake.shelves.lines["s1"] = lines;
    fake.messages["s1"] = lines[current] ?? [];
    fake.shelves.branches["s1"] = [branch(0, null, null), branch(1, 0, "m1"), branch(2, 1, "m3")].map((one) => ({ ...one, current: one.number === current }));
    if (running) fake.views["s1"] = { running: true };
  });
}

const forks = () => all("fork").map((fork) => `${fork.dataset["fork"]} ${words(fork)}`);

test("where lines part stands how many there are, and each can be chosen", async () => {
  const shell = await openBranches();
  expect(forks()).toEqual(["m1 2/2", "m3 1/2"]);
  all("fork-on")[1]!.focus();
  await click(all("fork-on")[1]!);
  await settled();
  expect(shell.called("branchChoose")).toEqual([["s1", 2]]);
  expect(texts()).toEqual(["word 1.", "word 3.", "word 5."]);
  expect(forks()).toEqual(["m1 2/2", "m3 2/2"]);
  expect((document.activeElement as HTMLElement).dataset["side"]).toBe("on");
  await press(all("fork-back")[0]!, "ArrowLeft");
  await settled();
  expect(texts()).toEqual(["word 1.", "word 2."]);
  expect(forks()).toEqual(["m1 1/2"]);
  await click(find("fork-on"));
  await settled();
  expect(shell.called("branchChoose").at(-1), "back to the line that was left").toEqual(["s1", 2]);
  expect(texts().at(-1)).toBe("word 5.");
});

test("the switch says where it leads", async () => {
  await openBranches();
  expect(all("fork-back")[0]!.title).toBe("Previous branch");
  expect(all("fork-on")[1]!.title).toBe("Next branch: “begins 2”");
  expect(all("fork")[1]!.getAttribute("aria-label")).toBe("Branch 1 of 2");
  expect(all("fork-back")[1]!.getAttribute("aria-disabled")).toBe("true");
});

test("while a turn runs the switch says why it does nothing", async () => {
  const shell = await openBranches(1, true);
  await click(all("fork-back")[0]!);
  expect(shell.called("branchChoose")).toEqual([]);
  expect(words(all("fork")[0]!)).toContain("A turn is running");
});

test("gone back to and nothing said yet, the switch stands at the end", async () => {
  await openWindow((fake) => {
    fake.messages["s1"] = [said(1)];
    fake.shelves.branches["s1"] = [branch(0, null, null), { ...branch(1, 0, "m1", true), message_count: 0, begins_with: "" }];
  });
  expect(document.body.textContent).toContain("You went back to here; what came after is kept.");
  expect(forks()).toEqual(["m1 2/2"]);
});

test("a session without branches shows no switch", async () => {
  await openWindow((fake) => {
    fake.messages["s1"] = [said(1)];
    fake.shelves.branches["s1"] = [branch(0, null, null, true)];
  });
  expect(maybe("fork")).toBeNull();
});
