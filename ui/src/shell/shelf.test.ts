import { expect, test } from "vitest";
import { all, answered, click, find, later, maybe, openWindow, press, session, settled, turnFinished, turnStarted, words } from "../testing/open";
import type { FakeBackend } from "../ipc/fake";

const day = 86_400_000;

const open = (prepare: (shell: FakeBackend) => void = () => undefined) =>
  openWindow((fake) => {
    fake.sessions = [session("s1", "First"), session("s2", "Second", Date.now() - 5), session("s3", "Third", Date.now() - 9)];
    prepare(fake);
  });

const put = (fake: FakeBackend, id: string, place: "archived" | "trashed", agoMs = 0) =>
  (fake.shelves.places = { ...fake.shelves.places, [id]: { place, placed_ms: Date.now() - agoMs } });

const listed = () => all("session-item").map((item) => item.dataset["id"]);
const item = (id: string) => all("session-item").find((one) => one.dataset["id"] === id)!;

async function inMenu(id: string, label: string): Promise<void> {
  await click(item(id).parentElement!.querySelector("[data-testid=session-menu]")!);
  await click([...document.querySelectorAll("[role=menuitem]")].find((entry) => words(entry).startsWith(label))!);
}

test("Delete moves a session to the trash, the focus goes on, undo brings it back", async () => {
  const shell = await open();
  item("s2").focus();
  await press(item("s2"), "Delete");
  expect(shell.called("sessionPlace")).toEqual([["s2", "trashed"]]);
  expect(listed()).toEqual(["s1", "s3"]);
  expect(document.activeElement).toBe(item("s3"));
  expect(words(find("banner"))).toContain("in the trash, for 30 days.");
  expect(words(find("shelf-trashed"))).toBe("Trash1");
  await click([...find("banner").querySelectorAll("button")].find((button) => words(button) === "Undo")!);
  expect(shell.called("sessionPlace").at(-1)).toEqual(["s2", "active"]);
  expect(listed()).toEqual(["s1", "s2", "s3"]);
  expect(words(find("shelf-trashed"))).toBe("Trash");
});

test("undo opens again what was on screen; the offer goes by itself", async () => {
  const shell = await open();
  await inMenu("s1", "Archive");
  expect(shell.called("sessionPlace")).toEqual([["s1", "archived"]]);
  expect(maybe("empty")).not.toBeNull();
  await click([...find("banner").querySelectorAll("button")].find((button) => words(button) === "Undo")!);
  expect(item("s1").getAttribute("aria-current")).toBe("true");
  await inMenu("s2", "Move to the trash");
  expect(maybe("banner")).not.toBeNull();
  await later(16_000);
  expect(maybe("banner")).toBeNull();
});

test("what happens after undo is seen, though the shell counts anew", async () => {
  const shell = await open();
  shell.agent("s1", turnStarted(), answered("a1", "Before."), turnFinished());
  await press(item("s1"), "Delete");
  shell.views["s1"] = { last_seq: 0 };
  await click([...find("banner").querySelectorAll("button")].find((button) => words(button) === "Undo")!);
  await settled();
  shell.emit({ from: "agent", event: { session_id: "s1", seq: 1, at_ms: 0, ...answered("a2", "After.") } });
  await settled();
  expect(words(find("answer"))).toContain("After.");
});

test("a session nothing was said in goes without a word", async () => {
  await open((fake) => (fake.sessions = [session("s1", "First"), { ...session("s2", "New session", 5), message_count: 0 }]));
  await press(item("s2"), "Delete");
  expect(listed()).toEqual(["s1"]);
  expect(maybe("banner")).toBeNull();
});

test("a refused move leaves everything as it was", async () => {
  const shell = await open();
  shell.failures.sessionPlace = { kind: "busy", message: "A turn is running in this session.", hints: [] };
  await press(item("s1"), "Delete");
  expect(listed()).toEqual(["s1", "s2", "s3"]);
  expect(words(find("banner"))).toBe("A turn is running in this session.");
});

test("the archive is listed, opened and brought back from", async () => {
  const shell = await open((fake) => put(fake, "s2", "archived"));
  expect(words(find("shelf-archived"))).toBe("Archived1");
  await click(find("shelf-archived"));
  expect(listed()).toEqual(["s2"]);
  await click(item("s2"));
  expect(shell.called("sessionOpen").at(-1)).toEqual(["s2"]);
  expect(words(find("place-note"))).toContain("This session is in the archive.");
  await click(find("place-note").querySelector("button")!);
  expect(shell.called("sessionPlace").at(-1)).toEqual(["s2", "active"]);
  expect(maybe("place-note")).toBeNull();
  await click(find("shelf-active"));
  expect(listed()).toEqual(["s1", "s2", "s3"]);
});

test("news of an archived session does not put it into the list, going on with it does", async () => {
  const shell = await open((fake) => put(fake, "s2", "archived"));
  await click(find("shelf-archived"));
  await click(find("shelf-active"));
  shell.agent("s2", { type: "session_updated", summary: { ...session("s2", "A new title", Date.now() - 5) } });
  await later(400);
  expect(listed()).toEqual(["s1", "s3"]);
  shell.shelves.places = {};
  shell.agent("s2", { type: "session_updated", summary: { ...session("s2", "A new title"), state: "working" } });
  await later(400);
  expect(listed()).toContain("s2");
});

test("the trash says how long, and gives back or deletes for good after a question", async () => {
  const shell = await open((fake) => {
    put(fake, "s2", "trashed", 7 * day);
    put(fake, "s3", "trashed", 29.5 * day);
  });
  await click(find("shelf-trashed"));
  expect(words(find("session-list"))).toContain("Kept for 30 days");
  expect(words(item("s2"))).toContain("23 days left");
  expect(words(item("s3"))).toContain("1 day left");
  await press(item("s3"), "Delete");
  expect(words(document.querySelector("dialog"))).toContain("“Third” and its 2 messages cannot be brought back");
  expect(shell.called("sessionDelete")).toEqual([]);
  await click(find("gone-sure"));
  await settled();
  expect(shell.called("sessionDelete")).toEqual([["s3"]]);
  expect(listed()).toEqual(["s2"]);
  await inMenu("s2", "Bring back");
  expect(words(find("session-list"))).toBe("The trash is empty.");
});

test("emptying the trash asks first and says what becomes free", async () => {
  const shell = await open((fake) => {
    put(fake, "s1", "trashed");
    put(fake, "s2", "trashed");
  });
  await click(find("shelf-trashed"));
  await click(item("s1"));
  expect(maybe("place-note")).not.toBeNull();
  await click(find("trash-empty"));
  expect(words(document.querySelector("dialog"))).toContain("2 sessions with 4 messages cannot be brought back after this. About 21 kB become free.");
  await click(find("gone-sure"));
  await settled();
  expect(shell.called("trashEmpty")).toHaveLength(1);
  expect(listed()).toEqual([]);
  expect(maybe("place-note")).toBeNull();
  expect(words(find("shelf-trashed"))).toBe("Trash");
});

test("the menu opens by right click, is walked by keys and gives the focus back", async () => {
  const shell = await open();
  item("s2").dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true }));
  await settled();
  const entries = () => [...document.querySelectorAll<HTMLElement>("[role=menuitem]")];
  expect(entries().map((entry) => words(entry))).toEqual(["RenameF2", "Archive", "Move to the trashDel"]);
  expect(document.activeElement).toBe(entries()[0]);
  await press(entries()[0]!, "ArrowUp");
  expect(document.activeElement).toBe(entries()[2]);
  await press(entries()[2]!, "Escape");
  expect(entries()).toEqual([]);
  expect(document.activeElement).toBe(item("s2"));
  const trigger = item("s2").parentElement!.querySelector<HTMLElement>("[data-testid=session-menu]")!;
  await click(trigger);
  expect(entries()).toHaveLength(3);
  trigger.focus();
  await click(trigger);
  expect(entries()).toEqual([]);
  expect(shell.called("sessionPlace")).toEqual([]);
});

test("a long list comes a page at a time", async () => {
  const shell = await open((fake) => (fake.sessions = Array.from({ length: 260 }, (_, index) => session(`n${index}`, `Number ${index}`, Date.now() - index))));
  expect(listed()).toHaveLength(200);
  await click(find("sessions-more"));
  expect(shell.called("shelf").at(-1)).toEqual([{ words: "", workspace: null, places: ["active"], limit: 0, offset: 200 }]);
  expect(listed()).toHaveLength(260);
  expect(maybe("sessions-more")).toBeNull();
});
