import { expect, test } from "vitest";
import { all, click, find, maybe, openWindow, press, settled, type, words } from "../../testing/open";
import { offered } from "./slash";

const command = (name: string) => ({ name, arguments: "", summary: "" });

test("what fits comes first by its beginning, then by what it holds", () => {
  const commands = ["compact", "compact-undo", "undo", "usage"].map(command);
  const cases: [draft: string, names: string[]][] = [
    ["/", ["compact", "compact-undo", "undo", "usage"]],
    ["/u", ["undo", "usage", "compact-undo"]],
    ["/COMP", ["compact", "compact-undo"]],
    ["/compact ", []],
    ["compact", []],
    ["/etc/hosts", []],
    ["/nothing", []],
  ];
  for (const [draft, names] of cases) expect(offered(commands, draft).map(({ name }) => name)).toEqual(names);
});

test("the menu is chosen from with the keys and closes with Esc", async () => {
  const shell = await openWindow();
  await type("/c");
  expect(all("slash-menu")).toHaveLength(1);
  await press(find("composer-input"), "ArrowDown");
  await press(find("composer-input"), "ArrowDown");
  expect(words(document.querySelector("[role=option][aria-selected=true]")!)).toContain("/context");
  await press(find("composer-input"), "Escape");
  expect(maybe("slash-menu")).toBeNull();
  expect(shell.called("commandRun")).toHaveLength(0);
});

test("a command is carried out and is no message", async () => {
  const shell = await openWindow((fake) => {
    fake.replies["/context"] = { said: null, open: "context", session: null };
  });
  await type("/contex");
  await press(find("composer-input"), "Enter");
  await settled();
  expect(shell.called("commandRun").at(-1)?.[1]).toBe("/context");
  expect(shell.called("sessionSubmit")).toHaveLength(0);
  expect(words(document.querySelector("dialog")!)).toContain("62.3k of 200k tokens");
  expect((find("composer-input") as HTMLTextAreaElement).value).toBe("");
});

test("what only looks like a command is sent", async () => {
  const shell = await openWindow();
  await type("/etc/hosts is odd");
  await press(find("composer-input"), "Enter");
  await settled();
  expect(shell.called("sessionSubmit").at(-1)?.[1]).toBe("/etc/hosts is odd");
});

test("a command that is refused keeps what was typed", async () => {
  const shell = await openWindow();
  shell.failures.commandRun = { kind: "usage", message: "There is no command `/fly`.", hints: [] };
  await type("/fly");
  await press(find("composer-input"), "Enter");
  await settled();
  expect(words(find("banner"))).toContain("There is no command");
  expect((find("composer-input") as HTMLTextAreaElement).value).toBe("/fly");
});

test("condensing is told, and the chip says what is left", async () => {
  const shell = await openWindow();
  const tell = async (event: Parameters<typeof shell.agent>[1]) => {
    shell.agent("s1", event);
    await settled();
  };
  await tell({ type: "context_changed", used_tokens: 150_000, window: 200_000 });
  expect(words(find("context-chip"))).toBe("Context 25 % left");
  await tell({ type: "compaction_started" });
  expect(words(find("context-chip"))).toBe("Condensing…");
  await tell({ type: "compaction_finished", before_tokens: 150_000, after_tokens: 40_000 });
  expect(words(find("context-chip"))).toBe("Context 25 % left");
  await click(find("context-chip"));
  expect(words(document.querySelector("dialog")!)).toContain("Free");
});
