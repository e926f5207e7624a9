import { expect, test } from "vitest";
import type { KeptRule, PolicyAnswer, RuleTexts, Settings } from "../ipc/types";
import { all, click, find, maybe, openWindow, settled, words } from "../testing/open";
import { groundOf, reasons } from "./policy";
import { expiryWords, has, listed, sourceWords, useWords, without, withRule, written } from "./rules";

const root = "/home/lea/code/tidepool";
const day = 86_400_000;
const some: RuleTexts = {
  deny: ["Read(~/.ssh/**)"],
  ask: [],
  allow: [{ rule: "Bash(cargo test *)", project: root, source: "answer", saved_ms: Date.now() - 3 * day, matches: ["cargo test -p a"] }, "todo"],
};

async function opened(prepare: Parameters<typeof openWindow>[0] = () => undefined) {
  const shell = await openWindow(prepare);
  await click(find("settings-open"));
  await settled();
  return shell;
}

const withRules = (rules: RuleTexts) => opened((fake) => void (fake.state.settings = { ...fake.state.settings, rules }));

const input = (testid: string) => find(testid) as HTMLInputElement;

async function enter(testid: string, value: string): Promise<void> {
  const element = input(testid);
  element.value = value;
  element.dispatchEvent(new Event("input", { bubbles: true }));
  element.dispatchEvent(new Event("change", { bubbles: true }));
  await settled();
}

async function submit(element: HTMLElement): Promise<void> {
  element.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
  await settled();
}

async function add(kind: string, rule: string): Promise<void> {
  await enter("rule-kind", kind);
  await enter("rule-text", rule);
  await submit(find("rule-form"));
}

const kept = (shell: Awaited<ReturnType<typeof opened>>) => (shell.called("settingsUpdate").at(-1)?.[0] as Settings).rules;

test("every rule is listed with where it holds, who made it and its use", async () => {
  await opened((fake) => {
    fake.state.settings = { ...fake.state.settings, rules: some };
    fake.law.uses = [{ rule: "Bash(cargo test *)", count: 12, used_ms: Date.now() - 2 * 3_600_000 }];
  });
  const rows = all("rule");
  expect(rows.map((row) => row.dataset["kind"])).toEqual(["deny", "allow", "allow"]);
  expect(words(rows[0]!)).toBe("Never Read(~/.ssh/**) everywhere by you");
  for (const part of ["Allow", "in tidepool", "from an answer, 3 days ago", "used 12 times, last 2 hours ago"]) expect(words(rows[1]!)).toContain(part);
  expect(rows[1]!.querySelector(".scope")!.getAttribute("title")).toBe(root);
  expect(words(rows[2]!)).toContain("not used yet");
});

test("without rules the page says what decides", async () => {
  await opened();
  expect(words(find("rules-empty"))).toContain("The mode alone decides.");
});

test("a rule is added, and what nobody touched goes back as it came", async () => {
  const shell = await withRules(some);
  await add("ask", " Bash(git push *) ");
  expect(kept(shell)).toEqual({ ...some, ask: ["Bash(git push *)"] });
  expect(input("rule-text").value).toBe("");
  expect(all("rule")).toHaveLength(4);
  expect(document.activeElement).toBe(find("rule-text"));
});

test("a rule can be bound to the project and to a last day", async () => {
  const shell = await withRules(some);
  input("rule-here").checked = true;
  input("rule-here").dispatchEvent(new Event("change", { bubbles: true }));
  await enter("rule-expires", "2099-01-31");
  await add("allow", "Edit(docs/**)");
  expect(kept(shell).allow.slice(0, 2)).toEqual(some.allow);
  expect(kept(shell).allow[2]).toMatchObject({ rule: "Edit(docs/**)", project: root, expires: "2099-01-31", source: "hand" });
  expect(words(all("rule").at(-1)!)).toContain("until 31 January 2099");
});

test("a rule that the shell refuses is said at the field, and keeps its words", async () => {
  const shell = await withRules(some);
  await enter("rule-expires", "2099-01-31");
  await add("deny", "Bash(");
  expect(words(find("rule-problem"))).toContain("`Bash(` is not a rule");
  expect([input("rule-text").value, input("rule-kind").value, input("rule-expires").value]).toEqual(["Bash(", "deny", "2099-01-31"]);
  expect(input("rule-text").getAttribute("aria-invalid")).toBe("true");
  expect(maybe("banner"), "not said twice").toBeNull();
  expect(all("rule"), "not shown as if it held").toHaveLength(3);
  await enter("rule-text", "Bash(rm *)");
  expect(maybe("rule-problem")).toBeNull();
  await submit(find("rule-form"));
  expect(kept(shell).deny).toHaveLength(2);
});

test("the same rule is not added twice", async () => {
  const shell = await withRules(some);
  await add("allow", "todo");
  expect(words(find("rule-problem"))).toBe("This rule is in the list already.");
  expect(shell.called("settingsUpdate")).toEqual([]);
  await add("deny", "todo");
  expect(shell.called("settingsUpdate")).toHaveLength(1);
});

test("a rule is removed, and put back where it was", async () => {
  const shell = await withRules(some);
  await click(all("rule-remove")[1]!);
  expect(kept(shell).allow).toEqual(["todo"]);
  expect(words(find("rule-removed"))).toBe("Removed Bash(cargo test *)Put back");
  const back = find("rule-removed").querySelector("button")!;
  expect(document.activeElement).toBe(back);
  await click(back);
  expect(kept(shell)).toEqual(some);
  expect(maybe("rule-removed")).toBeNull();
  expect(document.activeElement).toBe(all("rule-remove")[1]);
});

test("a removal that is refused leaves the rule, and is said", async () => {
  const shell = await withRules(some);
  shell.failures.settingsUpdate = { kind: "disk", message: "The disk is read-only.", hints: [] };
  await click(all("rule-remove")[0]!);
  expect(all("rule")).toHaveLength(3);
  expect(maybe("rule-removed")).toBeNull();
  expect(words(find("banner"))).toContain("The disk is read-only.");
});

test("a rule saved by an answer appears", async () => {
  const shell = await withRules(some);
  const settings = { ...shell.state.settings, rules: { ...some, allow: [...some.allow, "Bash(ls)"] } };
  shell.emit({ from: "settings", settings });
  await settled();
  expect(words(all("rule").at(-1)!)).toContain("Bash(ls)");
  expect(shell.called("ruleUses").length).toBeGreaterThan(1);
});

test("rules as a list and in words", () => {
  const now = Date.UTC(2027, 0, 31, 12);
  const twice = { ...some, allow: ["todo", "todo"] };
  expect(new Set(listed(twice).map(({ key }) => key)).size).toBe(3);
  expect(without(twice, "allow", 1).allow).toEqual(["todo"]);
  expect(withRule(some, "allow", "ls", 99).allow.at(-1)).toBe("ls");
  expect(has(some, "allow", { rule: "Bash(cargo test *)" }), "that one is bound to a project").toBe(false);
  expect(written("ls", null, "", now)).toBe("ls");
  const until = (expires: string): KeptRule => ({ rule: "ls", expires });
  expect(["2027-01-30", "2027-01-31"].map((expires) => expiryWords(until(expires), now))).toEqual(["ended 30 January 2027", "until 31 January 2027"]);
  expect(sourceWords({ rule: "ls", source: "hand", saved_ms: now - 2 * 3_600_000 }, now)).toBe("by you, 2 hours ago");
  const one = listed(some)[1]!;
  expect(useWords(one, [{ rule: "Bash(cargo test *)", count: 1, used_ms: now }], now)).toBe("used 1 time, last just now");
});

test("what would happen is asked of the shell, and forgotten when it may have changed", async () => {
  const shell = await withRules(some);
  await enter("policy-what", " git push origin ");
  await submit(input("policy-what").form!);
  expect(shell.called("policyTest")).toEqual([["s1", "git push origin"]]);
  expect(find("policy-answer").dataset["decision"]).toBe("ask");
  expect(words(find("policy-answer"))).toContain("You would be asked. The rule `Bash(git push *)` wants to be asked. git push rule.ask");
  expect(words(find("policy-answer"))).toContain("bash.network");
  await add("ask", "Bash(git push *)");
  expect(maybe("policy-answer"), "another rule, another answer").toBeNull();
});

test("a call that would run says what lets it, one that would not says why", async () => {
  const shell = await opened();
  const cases: [answer: Partial<PolicyAnswer>, said: string][] = [
    [{ decision: "allow", because: "the rule `todo` allows it." }, "It would run at once. The rule `todo` allows it."],
    [{ decision: "allow", because: "the sandbox confines it.", confined: true }, "It would run at once, confined by the sandbox. The sandbox confines it."],
    [{ decision: "deny", because: "Plan mode runs nothing. Leave it.", findings: [{ check: "mode.plan", reason: "Plan mode runs nothing.", danger: false }] }, "It would be refused. Plan mode runs nothing. Leave it. mode.plan"],
  ];
  for (const [answer, said] of cases) {
    shell.law.answer = () => ({ decision: "ask", because: "", findings: [], confined: false, ...answer });
    await enter("policy-what", said);
    await submit(input("policy-what").form!);
    expect(words(find("policy-answer"))).toBe(said);
  }
  shell.failures.policyTest = { kind: "not_found", message: "This session does not exist.", hints: [] };
  await enter("policy-what", "ls");
  await submit(input("policy-what").form!);
  expect(words(find("settings"))).toContain("This session does not exist.");
  expect(input("policy-what").value).toBe("ls");
});

test("without a session nothing can be tried, and the page says why", async () => {
  await opened((fake) => void (fake.sessions = []));
  expect(input("policy-what").disabled).toBe(true);
  expect(words(find("settings"))).toContain("Open a session first");
});

test("ranges count in the command, and never in a path", () => {
  expect(["git push", "Bash(git push)", "Read(a.txt)", "edit(b)"].map(groundOf)).toEqual(["git push", "git push", null, null]);
  expect(reasons({ decision: "allow", because: "it only reads.", findings: [], confined: false })).toEqual([]);
});

test("trusted folders are listed, and the trust is taken back", async () => {
  const shell = await opened((fake) => void (fake.law.trusted = [{ path: root, at_ms: Date.now() - 2 * day }]));
  expect(words(find("trusted"))).toContain("~/code/tidepool trusted 2 days ago");
  expect(maybe("trust-chip")).toBeNull();
  await click(find("trusted").querySelector("button")!);
  expect(shell.called("trustRevoke")).toEqual([[root]]);
  expect(words(find("trusted-empty"))).toContain("No folder is trusted.");
  expect(maybe("trust-chip"), "the chip follows").not.toBeNull();
});

test("where there is no sandbox the page says that mode auto is refused", async () => {
  await opened((fake) => void (fake.state.sandbox = { available: false, detail: "bubblewrap is not installed" }));
  expect(words(find("no-sandbox"))).toBe("There is none here, so this mode is refused: bubblewrap is not installed.");
});
