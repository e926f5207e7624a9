import { expect, test } from "vitest";
import type { AuditKind, AuditRecord } from "../ipc/types";
import { all, click, find, maybe, openWindow, send, settled, words } from "../testing/open";
import { auditWords, chainWords, shortHash } from "../words/audit";

const hash = (number: number) => number.toString(16).padStart(64, "a");

function record(number: number, more: Partial<AuditRecord> = {}): AuditRecord {
  return { number, hash: hash(number), at_ms: Date.now() - 120_000, kind: "call_allowed", session_id: null, call_id: null, subject: `bash: ls ${number}`, detail: "It runs.", ...more };
}

/** So many entries, the newest first. */
const ledger = (count: number, kind: (number: number) => AuditKind = () => "call_allowed") => Array.from({ length: count }, (_, index) => record(count - index, { kind: kind(count - index) }));

async function opened(prepare: Parameters<typeof openWindow>[0] = () => undefined) {
  const shell = await openWindow(prepare);
  await click(find("settings-open"));
  await settled();
  return shell;
}

const numbers = () => all("audit-entry").map((row) => Number(words(row.querySelector("time + code"))));

test("the ledger shows what happened, and leads to its session", async () => {
  const shell = await opened((fake) => {
    fake.law.ledger = [
      record(3, { kind: "leak_stopped", session_id: "s1", subject: "git commit", detail: "The message names `Acme`." }),
      record(2, { kind: "decoy_called", session_id: "gone", subject: "sync_ledger" }),
      record(1, { subject: "bash: rm \u202Etxt.exe" }),
    ];
  });
  const rows = all("audit-entry").map((row) => words(row));
  for (const part of ["Stopped under cover git commit", "The message names `Acme`.", "In “A session”", "2 min", "3"]) expect(rows[0]).toContain(part);
  expect(rows[1]).toContain("A decoy was called");
  expect(rows[2], "what hides is spelled out").toContain("rm ⟨U+202E⟩txt.exe");
  expect(all("audit-entry")[1]!.querySelector("button"), "its session is gone").toBeNull();
  await click(all("audit-entry")[0]!.querySelector("button")!);
  expect(maybe("settings")).toBeNull();
  expect(shell.called("audit")).toEqual([[{ limit: 21, before: null, kinds: [] }]]);
});

test("earlier entries come a page at a time", async () => {
  const shell = await opened((fake) => void (fake.law.ledger = ledger(45)));
  expect(numbers()).toHaveLength(20);
  await click(find("audit-more"));
  await click(find("audit-more"));
  expect(numbers()).toEqual(Array.from({ length: 45 }, (_, index) => 45 - index));
  expect(maybe("audit-more"), "that was all").toBeNull();
  expect(shell.called("audit").map(([query]) => (query as { before: number | null }).before)).toEqual([null, 26, 6]);
});

test("a page that cannot be read leaves what is there, and is asked for again", async () => {
  const shell = await opened((fake) => void (fake.law.ledger = ledger(30)));
  shell.failures.audit = { kind: "store", message: "The database cannot be read.", hints: [] };
  await click(find("audit-more"));
  expect(words(find("banner"))).toContain("The database cannot be read.");
  expect(numbers()).toHaveLength(20);
  delete shell.failures.audit;
  await click(find("audit-more"));
  expect(numbers()).toHaveLength(30);
});

test("what was asked, and what was noticed, can be looked at alone", async () => {
  const shell = await opened((fake) => void (fake.law.ledger = ledger(8, (number) => (["call_allowed", "call_answered", "call_refused", "call_ended"] as const)[number % 4]!)));
  expect(all("audit-part-all")[0]!.getAttribute("aria-pressed")).toBe("true");
  await click(find("audit-part-asked"));
  expect(shell.called("audit").at(-1)).toEqual([{ limit: 21, before: null, kinds: ["call_answered", "call_refused"] }]);
  expect(numbers()).toEqual([6, 5, 2, 1]);
  await click(find("audit-part-noticed"));
  expect(numbers()).toEqual([]);
  expect(words(find("audit-empty"))).toBe("Nothing was stopped or noticed so far.");
});

test("an empty ledger says so, and has no chain to speak of", async () => {
  await opened();
  expect(words(find("audit-empty"))).toBe("Nothing happened so far.");
  expect(maybe("audit-chain")).toBeNull();
});

test("a chain that holds shows its end, one that does not says where", async () => {
  const shell = await opened((fake) => void (fake.law.ledger = ledger(3)));
  expect(words(find("audit-chain"))).toBe("The chain of 3 entries holds aaaaaaaa…aaaaa3");
  expect(find("audit-chain").querySelector("button")!.getAttribute("aria-label")).toBe("Copy the hash of the last entry");
  shell.law.broken = { number: 2, detail: "the entry was changed" };
  await click(find("settings-open"));
  await click(document.querySelector("[aria-label^='Conversation']")!);
  await click(find("settings-open"));
  expect(find("audit-chain").getAttribute("role")).toBe("alert");
  expect(words(find("audit-chain"))).toContain("The chain does not hold at entry 2: the entry was changed.");
});

test("the ledger in words", () => {
  const check = (count: number, broken: { number: number; detail: string } | null = null) => chainWords({ count, head: "", broken, has_head: true });
  expect(check(1)).toBe("The chain of 1 entry holds");
  expect(check(12_345)).toBe("The chain of 12,345 entries holds");
  expect(check(0, { number: 1, detail: "the entries from here on were cut off" })).toBe("The chain does not hold at entry 1: the entries from here on were cut off.");
  expect([shortHash(hash(7)), shortHash("short")]).toEqual(["aaaaaaaa…aaaaa7", "short"]);
  expect(new Set(Object.values(auditWords).map((one) => one.words)).size, "every kind has words of its own").toBe(Object.keys(auditWords).length);
});

test("commands lead to the ledger and to the permissions", async () => {
  const shell = await openWindow((fake) => {
    fake.replies["/audit"] = { said: null, open: "audit", session: null };
    fake.replies["/permissions"] = { said: null, open: "permissions", session: null };
  });
  const current = () => words(document.querySelector("[data-testid=settings] nav [aria-current]"));
  await send("/audit");
  await settled();
  expect(current()).toBe("Audit");
  await click(document.querySelector("[aria-label^='Conversation']")!);
  await send("/permissions");
  await settled();
  expect(current()).toBe("Permissions");
  expect(shell.called("sessionSubmit")).toEqual([]);
});
