import { expect, test } from "vitest";
import type { PermissionRequest } from "../../ipc/types";
import { all, answered, armed, click, find, maybe, openWindow, press, request, settled, turnStarted, type, words } from "../../testing/open";
import { reach } from "./reach";
import { commandOf, pointed } from "./spans";

const command = "cargo test -p parser";
const rule = `Bash(${command})`;
const cwd = "/home/lea/code/tidepool";

function run(more: Partial<PermissionRequest> = {}): PermissionRequest {
  return request("p1", {
    call: { id: "c", name: "bash", input: { command } },
    title: "Run the parser's tests?",
    subject: command,
    accesses: [{ type: "execute", command, cwd }],
    session_scope: null,
    rule,
    ...more,
  });
}

async function asked(one: PermissionRequest = run()) {
  const shell = await openWindow();
  shell.agent("s1", turnStarted(), { type: "permission_asked", request: one });
  await settled();
  return shell;
}

const given = (shell: Awaited<ReturnType<typeof asked>>) => shell.called("permissionAnswer").map(([, answer]) => (answer as { type: string }).type);

test("a lasting answer shows the rule it would save", async () => {
  const shell = await asked();
  await armed();
  await click(find("ask-always"));
  expect(words(find("ask-allow-project"))).toBe(`Always in this projectP ${rule}`);
  expect(words(find("ask-allow-always"))).toBe(`Always, everywhereA ${rule}`);
  expect(document.activeElement).toBe(find("ask-allow-project"));
  await press(document.activeElement!, "ArrowDown");
  expect(document.activeElement).toBe(find("ask-allow-always"));
  await click(find("ask-allow-always"));
  expect(given(shell)).toEqual(["allow_always"]);
  expect(maybe("ask-card")).toBeNull();
});

for (const [key, answer] of [
  ["p", "allow_project"],
  ["A", "allow_always"],
] as const) {
  test(`${key} gives a lasting answer when the card, or its menu, has the focus`, async () => {
    const shell = await asked();
    await armed();
    find("ask-card").focus();
    await press(find("ask-card"), key);
    expect(given(shell)).toEqual([answer]);
    shell.agent("s1", { type: "permission_asked", request: run({ id: "p2" }) });
    await settled();
    await armed();
    await click(find("ask-always"));
    await press(document.activeElement!, key);
    expect(given(shell)).toEqual([answer, answer]);
  });
}

test("Esc, Enter and S in the menu answer nothing; Esc closes it", async () => {
  const shell = await asked(run({ session_scope: "this command" }));
  await armed();
  await click(find("ask-always"));
  await press(document.activeElement!, "s");
  await press(document.activeElement!, "Escape");
  expect(given(shell)).toEqual([]);
  expect(maybe("ask-allow-project")).toBeNull();
  expect(document.activeElement).toBe(find("ask-always"));
  await click(find("ask-always"));
  await press(document.activeElement!, "Enter");
  expect(given(shell), "Enter is the button's own").toEqual([]);
});

test("its keys are not taken while somebody types, here or in the composer", async () => {
  const shell = await asked();
  await armed();
  await type("a parser");
  await press(find("composer-input"), "a");
  await click([...find("ask-card").querySelectorAll("button")].find((button) => words(button) === "Deny and say why")!);
  const field = find("ask-card").querySelector("input")!;
  for (const key of ["p", "a"]) await press(field, key);
  expect(given(shell)).toEqual([]);
});

test("a lasting answer is offered only where there is a rule, and never for danger", async () => {
  for (const one of [run({ rule: null }), run({ rule: undefined }), run({ danger: true, approved_before: 5 })]) {
    const shell = await asked(one);
    await armed();
    expect(maybe("ask-always")).toBeNull();
    expect(maybe("ask-often")).toBeNull();
    for (const key of ["p", "a"]) await press(find("ask-card"), key);
    expect(given(shell)).toEqual([]);
    document.body.replaceChildren();
  }
});

test("what was allowed again and again is said once, with the rule", async () => {
  await asked(run({ approved_before: 1 }));
  expect(maybe("ask-often")).toBeNull();
  document.body.replaceChildren();
  await asked(run({ approved_before: 3 }));
  expect(words(find("ask-often"))).toBe(`You allowed this 3 times. “Always in this project” saves the rule ${rule}.`);
});

test("a rule shows what hides in it", async () => {
  await asked(run({ rule: "Bash(touch a\u200Bb)", approved_before: 2 }));
  await click(find("ask-always"));
  expect(words(find("ask-allow-project"))).toContain("Bash(touch a⟨U+200B⟩b)");
  expect(words(find("ask-often"))).toContain("Bash(touch a⟨U+200B⟩b)");
});

test("every reason has the check that found it, and the words it points at", async () => {
  const findings = [
    { check: "bash.builds", reason: "Builds and runs code of this project", danger: false, span: { start: 0, end: 10 } },
    { check: "mode.ask", reason: "The mode in force asks first.", danger: false, span: null },
  ];
  await asked(run({ findings }));
  expect(all("finding").map((one) => words(one))).toEqual(["Builds and runs code of this project cargo test bash.builds", "The mode in force asks first. mode.ask"]);
});

test("a command that is asked about is said to run unconfined, a file is not", () => {
  const chips = (one: PermissionRequest) => reach(one, cwd).map(({ text, tone }) => `${text} ${tone}`);
  expect(chips(run())).toEqual(["runs in ~/code/tidepool plain", "not confined ember"]);
  expect(chips(request("p1"))).toEqual(["writes hello.txt plain"]);
});

test("a command that would leave the sandbox only towards a host says which", () => {
  const one = run();
  const open: PermissionRequest = { ...one, confined: true, accesses: [...one.accesses, { type: "connect", host: "crates.io" }] };
  expect(reach(open, cwd).map(({ text, tone }) => `${text} ${tone}`)).toEqual(["runs in ~/code/tidepool plain", "stays in the sandbox plain", "reaches crates.io ember"]);
});

test("ranges count in the command, also where the subject spells something out", () => {
  const hidden = "rm \u202Efdp.exe";
  const one = run({ subject: "rm ⟨U+202E⟩fdp.exe", accesses: [{ type: "execute", command: hidden, cwd }] });
  expect(commandOf(one)).toBe(hidden);
  const finding = { check: "c", reason: "Hides", danger: true, span: { start: 3, end: 6 } };
  expect(pointed(hidden, finding)).toBe("⟨U+202E⟩");
  expect(pointed(hidden, { ...finding, span: null })).toBe("");
  const two = { ...one, accesses: [...one.accesses, { type: "execute" as const, command: "ls", cwd }] };
  expect(commandOf(two), "which of them is unclear").toBeNull();
});

test("a saved rule is told in the conversation", async () => {
  const shell = await asked();
  shell.agent("s1", { type: "rule_saved", rule, project: cwd }, { type: "rule_saved", rule: "Bash(a\u200Bb)", project: null });
  await settled();
  const log = words(document.querySelector("[role=log]"));
  expect(log).toContain(`From now on \`${rule}\` runs without a question in this project.`);
  expect(log).toContain("From now on `Bash(a⟨U+200B⟩b)` runs without a question everywhere.");
});

test("a result that others may have written is marked, and stands alone", async () => {
  const shell = await openWindow();
  const read = (id: string, source: string | null) =>
    [
      { type: "tool_call_started", call: { id, name: "read", input: { path: `${cwd}/${id}.md` } }, title: "Read", subject: `${id}.md`, read_only: true },
      { type: "tool_call_finished", result: { call_id: id, content: "text", outcome: "ok", duration_ms: 3, source } },
    ] as const;
  shell.agent("s1", turnStarted(), ...read("one", null), ...read("two", null), ...read("three", "`/home/lea/notes.md`"), answered("m", "Done."));
  await settled();
  expect(all("tool-fold").map((fold) => fold.dataset["count"])).toEqual(["2"]);
  expect(all("from-outside")).toHaveLength(1);
  expect(find("from-outside").title).toBe("Others may have written what it brought: `/home/lea/notes.md`");
  await click(find("from-outside").closest("button")!);
  expect(words(find("tool-line"))).toContain("Comes from `/home/lea/notes.md`, which others may have written.");
});
