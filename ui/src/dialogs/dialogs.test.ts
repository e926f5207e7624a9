import { expect, test } from "vitest";
import type { Message } from "../ipc/types";
import { all, click, find, maybe, openWindow, press, settled, type, words } from "../testing/open";
import { byDay, byModel, cacheShare, ceiling, costOf, type DaySum, DAYS } from "./spending";

const usage = (input_tokens: number) => ({ input_tokens, output_tokens: 1, cache_read_tokens: 0, cache_write_tokens: 0 });
const day = (number: number, model: string, tokens: number, cost_usd: number | null) => ({
  day: number,
  provider: "p",
  model,
  turns: 1,
  usage: usage(tokens),
  cost_usd,
});

function said(id: string, text: string): Message {
  return { id, turn_id: `turn-${id}`, role: "user", origin: "typed", blocks: [{ type: "text", text }], created_ms: 1 };
}

const open = (name: string, messages: Message[] = []) =>
  openWindow((fake) => {
    fake.replies[`/${name}`] = { said: null, open: name as never, session: null };
    fake.messages["s1"] = messages;
  });

async function order(text: string): Promise<void> {
  await type(text);
  await press(find("composer-input"), "Enter");
  await settled();
}

const radio = (label: string) => [...document.querySelectorAll("label")].find((element) => words(element) === label)!.querySelector("input")!;

test("days without use are zero and models are summed, the dearest first", () => {
  const rows = [day(100, "small", 10, null), day(99, "dear", 5, 2), day(99, "cheap", 50, 1), day(100, "dear", 5, 1), day(60, "old", 9, 9)];
  const days = byDay(rows, 100, ["p · dear", "p · cheap"]);
  expect(days).toHaveLength(DAYS);
  const shown = ({ day, tokens, cost, parts }: DaySum) => [day, tokens, cost, parts.map((part) => `${part.name} ${part.tokens} ${part.cost}`).join()];
  expect(days.slice(-2).map(shown)).toEqual([
    [99, 57, 3, "p · dear 6 2,p · cheap 51 1,others 0 0"],
    [100, 17, 1, "p · dear 6 1,p · cheap 0 0,others 11 0"],
  ]);
  expect(shown(days[0]!)).toEqual([71, 0, 0, "p · dear 0 0,p · cheap 0 0,others 0 0"]);
  expect(byModel(rows, 100).map(({ name, cost }) => [name, cost])).toEqual([
    ["p · dear", 3],
    ["p · cheap", 1],
    ["p · small", null],
  ]);
  expect(costOf([])).toBeNull();
});

test("use is plotted by day and by turn", async () => {
  await open("usage");
  await order("/usage");
  expect(find("usage-days").children).toHaveLength(DAYS);
  expect(find("usage-turns").children.length).toBeGreaterThan(0);
  expect(words(document.querySelector("table"))).toContain("claude-opus-5-5");
});

test("a plot is walked with the arrow keys and is there as a table", async () => {
  await open("usage");
  await order("/usage");
  const bars = () => [...find("usage-days").querySelectorAll<HTMLElement>("button")];
  expect(bars().filter((bar) => bar.tabIndex === 0)).toEqual([bars().at(-1)]);
  bars().at(-1)!.focus();
  await press(bars().at(-1)!, "ArrowLeft");
  expect(document.activeElement).toBe(bars().at(-2));
  const label = bars().at(-2)!.getAttribute("aria-label")!;
  expect(label).toMatch(/\$.* tokens.*, \d+ % from cache$/);
  expect(words(document.querySelector("dialog"))).toContain(label);
  expect(find("usage-table").querySelectorAll("tbody tr")).toHaveLength(bars().filter((bar) => !bar.getAttribute("aria-label")!.endsWith("nothing")).length);
  await click(find("usage-cache"));
  expect(find("usage-cache").getAttribute("aria-pressed")).toBe("true");
});

test("use that cannot be read is said, and asked for again", async () => {
  const shell = await open("usage");
  shell.failures.usageReport = { kind: "store", message: "The database cannot be read.", hints: [] };
  await order("/usage");
  expect(words(document.querySelector("dialog"))).toContain("The database cannot be read.");
  delete shell.failures.usageReport;
  await click([...document.querySelectorAll("dialog button")].find((button) => words(button) === "Try again")!);
  expect(maybe("usage-days")).not.toBeNull();
});

test("scales end at round numbers and shares need something sent", () => {
  expect([0, 0.07, 1, 1.1, 3, 42, 260_000].map(ceiling)).toEqual([1, 0.08, 1, 1.2, 3, 50, 300_000]);
  expect(cacheShare({ input_tokens: 1, output_tokens: 9, cache_read_tokens: 3, cache_write_tokens: 0 })).toBe(0.75);
  expect(cacheShare({ input_tokens: 0, output_tokens: 9, cache_read_tokens: 0, cache_write_tokens: 0 })).toBeNull();
});

test("a rewind shows what it would do, and does it", async () => {
  const shell = await open("rewind", [said("m1", "first wish"), said("m2", "second wish")]);
  await order("/rewind");
  expect(shell.called("rewindPlan").at(-1)).toEqual(["s1", "m2"]);
  expect(words(find("rewind-plan"))).toContain("src/timeout.rs goes");
  expect(words(find("rewind-plan"))).toContain("notes.txt comes back, also changed by someone else");
  await click(radio("first wish"));
  expect(shell.called("rewindPlan").at(-1)).toEqual(["s1", "m1"]);
  await click(find("rewind-go"));
  expect(shell.called("rewind").at(-1)).toEqual(["s1", "m1", "both", false]);
  expect(maybe("rewind-plan")).toBeNull();
  expect((find("composer-input") as HTMLTextAreaElement).value).toBe("first wish");
});

test("without a checkpoint only the conversation can go back", async () => {
  const shell = await open("rewind", [said("m1", "first wish")]);
  shell.failures.rewindPlan = { kind: "not_found", message: "There is no checkpoint of this message.", hints: [] };
  await order("/rewind");
  expect((find("rewind-go") as HTMLButtonElement).disabled).toBe(true);
  await click(radio("Only the conversation"));
  expect((find("rewind-go") as HTMLButtonElement).disabled).toBe(false);
});

test("a rewind that was cut off is settled first", async () => {
  const shell = await open("rewind", [said("m1", "first wish")]);
  shell.rewindCut = true;
  await order("/rewind");
  expect((find("rewind-go") as HTMLButtonElement).disabled).toBe(true);
  const finish = [...document.querySelectorAll("dialog button")].find((button) => words(button) === "Finish it");
  await click(finish!);
  expect(shell.called("rewindSettle").at(-1)).toEqual(["s1", true]);
  expect((find("rewind-go") as HTMLButtonElement).disabled).toBe(false);
});

test("notes for agents are read, edited and saved", async () => {
  const shell = await open("memory");
  await order("/memory");
  const edit = [...document.querySelectorAll("dialog button")].find((button) => words(button) === "Edit");
  await click(edit!);
  const area = find("memory-text") as HTMLTextAreaElement;
  expect(area.value).toContain("cargo test");
  expect((find("memory-save") as HTMLButtonElement).disabled).toBe(true);
  area.value = "Be brief.";
  area.dispatchEvent(new Event("input", { bubbles: true }));
  await settled();
  await click(find("memory-save"));
  expect(shell.called("memoryWrite").at(-1)).toEqual(["s1", "/home/lea/code/tidepool/AGENTS.md", "Be brief."]);
  expect(maybe("memory-text")).toBeNull();
});

test("a message is edited and sent again, or begins a fork", async () => {
  const shell = await open("none", [said("m1", "first wish"), said("m2", "second wish")]);
  await click(all("edit-message")[1]!);
  expect(shell.called("sessionRewind").at(-1)).toEqual(["s1", { side: "before", message_id: "m2" }]);
  expect((find("composer-input") as HTMLTextAreaElement).value).toBe("second wish");
  await click(all("fork-message")[0]!);
  expect(shell.called("sessionFork").at(-1)).toEqual(["s1", { side: "before", message_id: "m1" }]);
});

test("earlier messages are fetched and put before", async () => {
  const shell = await openWindow((fake) => {
    fake.views["s1"] = { messages: [said("m9", "the last")], older: 1 };
    fake.older = { messages: [said("m1", "the first")], older: 0, newer: 0, unreadable: [] };
  });
  await click(find("show-older"));
  expect(shell.called("historyOlder").at(-1)).toEqual(["s1", "m9"]);
  expect([...document.querySelectorAll("[data-role=user]")].map((element) => words(element))).toEqual([
    expect.stringContaining("the first"),
    expect.stringContaining("the last"),
  ]);
  expect(maybe("show-older")).toBeNull();
});
