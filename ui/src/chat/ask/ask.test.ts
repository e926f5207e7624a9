import { expect, test } from "vitest";
import type { PermissionRequest } from "../../ipc/types";
import { armed, click, find, maybe, openWindow, press, request, settled, turnStarted, type, words } from "../../testing/open";
import { readable, visible } from "../../words/visible";
import { runs } from "./spans";

async function asked(...requests: PermissionRequest[]) {
  const shell = await openWindow();
  shell.agent("s1", turnStarted(), ...requests.map((each) => ({ type: "permission_asked" as const, request: each })));
  await settled();
  return shell;
}

test("the card shows the sentence, the subject and the reach", async () => {
  await asked(request("p1"));
  const card = find("ask-card");
  expect(words(card.querySelector("h3"))).toBe("Create `hello.txt`?");
  expect(words(find("ask-subject"))).toBe("/home/lea/code/tidepool/hello.txt");
  expect(words(card)).toContain("writes hello.txt");
});

for (const [key, answer] of [
  ["Enter", { type: "allow_once" }],
  ["s", { type: "allow_session" }],
  ["Escape", { type: "deny", feedback: null }],
] as const) {
  test(`${key} answers when the card has the focus`, async () => {
    const shell = await asked(request("p1"));
    await armed();
    find("ask-card").focus();
    await press(find("ask-card"), key);
    expect(shell.called("permissionAnswer")).toEqual([["p1", answer]]);
    expect(maybe("ask-card")).toBeNull();
  });
}

test("a card that just appeared takes no key and no click", async () => {
  const shell = await asked(request("p1"));
  await press(find("ask-card"), "Enter");
  await click(find("ask-allow-once"));
  expect(shell.called("permissionAnswer")).toEqual([]);
});

test("the card never takes the focus while somebody types", async () => {
  const shell = await openWindow();
  shell.agent("s1", turnStarted());
  await settled();
  await type("still typ");
  shell.agent("s1", { type: "permission_asked", request: request("p1") });
  await armed();
  expect(document.activeElement).toBe(find("composer-input"));
  await press(find("composer-input"), "Enter");
  await press(find("composer-input"), "s");
  expect(shell.called("permissionAnswer")).toEqual([]);
});

test("Esc in the composer stops the turn and answers nothing", async () => {
  const shell = await asked(request("p1"));
  await armed();
  await press(find("composer-input"), "Escape");
  expect(shell.called("permissionAnswer")).toEqual([]);
  expect(shell.called("sessionCancel")).toEqual([["s1"]]);
});

test("a dangerous question has no key that allows", async () => {
  const shell = await asked(request("p1", { danger: true, findings: [{ check: "bash.rm", reason: "Deletes files for good", danger: true }] }));
  await armed();
  for (const key of ["Enter", "s", " "]) await press(find("ask-card"), key);
  expect(shell.called("permissionAnswer")).toEqual([]);
  await click(find("ask-allow-once"));
  expect(shell.called("permissionAnswer")).toEqual([["p1", { type: "allow_once" }]]);
});

test("the session answer is offered only where it means something", async () => {
  const shell = await asked(request("p1", { session_scope: null }));
  await armed();
  expect(maybe("ask-allow-session")).toBeNull();
  await press(find("ask-card"), "s");
  expect(shell.called("permissionAnswer")).toEqual([]);
});

test("several questions come one at a time, with their number", async () => {
  const shell = await asked(request("p1"), request("p2", { title: "Run `ls`?" }));
  expect(words(find("ask-card"))).toContain("1 of 2");
  await armed();
  await click(find("ask-deny"));
  expect(shell.called("permissionAnswer")).toEqual([["p1", { type: "deny", feedback: null }]]);
  expect(words(find("ask-card").querySelector("h3"))).toBe("Run `ls`?");
});

test("the second of two cards is not answered by the key meant for the first", async () => {
  const shell = await asked(request("p1"), request("p2"));
  await armed();
  find("ask-card").focus();
  await press(find("ask-card"), "Enter");
  await press(find("ask-card"), "Enter");
  expect(shell.called("permissionAnswer").map(([id]) => id)).toEqual(["p1"]);
});

test("answered elsewhere, the card goes", async () => {
  const shell = await asked(request("p1"));
  shell.agent("s1", { type: "permission_answered", request_id: "p1", answer: { type: "allow_once" }, by: "dialog" });
  await settled();
  expect(maybe("ask-card")).toBeNull();
});

test("an answer that did not arrive can be given again", async () => {
  const shell = await asked(request("p1"));
  shell.failures.permissionAnswer = { kind: "internal", message: "The answer was lost.", hints: [] };
  await armed();
  await click(find("ask-allow-once"));
  expect(words(find("banner"))).toContain("The answer was lost.");
  delete shell.failures.permissionAnswer;
  await click(find("ask-allow-once"));
  expect(shell.called("permissionAnswer")).toHaveLength(2);
  expect(maybe("ask-card")).toBeNull();
});

test("a refusal can carry what to do instead", async () => {
  const shell = await asked(request("p1"));
  await armed();
  const why = [...find("ask-card").querySelectorAll("button")].find((button) => words(button) === "Deny and say why");
  await click(why!);
  const field = find("ask-card").querySelector("input")!;
  field.value = "put it into docs";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await press(field, "Enter");
  expect(shell.called("permissionAnswer")).toEqual([["p1", { type: "deny", feedback: "put it into docs" }]]);
});

test("the card shows what an edit would change", async () => {
  await asked(request("p1", { call: { id: "c", name: "edit", input: { path: "a.rs", old_string: "let a = 1;", new_string: "let a = 2;\nlet b;" } } }));
  expect(words(find("ask-preview"))).toBe("1−let a = 1;1+let a = 2;2+let b;");
});

test("byte ranges mark the right characters", () => {
  const text = "echo grün && rm -rf ~";
  const start = new TextEncoder().encode("echo grün && ").length;
  const finding = { check: "c", reason: "Deletes", danger: true, span: { start, end: start + 6 } };
  expect(runs(text, [finding]).filter((run) => run.danger).map((run) => run.text)).toEqual(["rm -rf"]);
  expect(runs(text, [finding]).map((run) => run.text).join("")).toBe(text);
});

test("ranges outside of the command or inside of a character mark nothing", () => {
  const spans = [
    { start: 5, end: 99 },
    { start: 8, end: 9 },
    { start: 3, end: 3 },
  ];
  for (const span of spans) {
    const parts = runs("echo grün", [{ check: "c", reason: "r", danger: true, span }]);
    expect(parts.some((part) => part.danger)).toBe(false);
    expect(parts.map((part) => part.text).join("")).toBe("echo grün");
  }
});

test("characters that hide or reorder text are spelled out", () => {
  expect(visible("rm \u202Egpj.exe")).toBe("rm ⟨U+202E⟩gpj.exe");
  expect(visible("a\u200Bb\u0007c\r")).toBe("a⟨U+200B⟩b⟨U+0007⟩c⟨U+000D⟩");
  expect(visible("a\u00A0b\u{1D173}")).toBe("a⟨U+00A0⟩b⟨U+1D173⟩");
  expect(visible("plain\n\ttext – ünï")).toBe("plain\n\ttext – ünï");
  const prose = "10\u00A0km ❤\uFE0F 👩\u200D🚀";
  expect(readable(prose)).toBe(prose);
  expect(readable("a\u202Eb\u001Bc")).toBe("a⟨U+202E⟩b⟨U+001B⟩c");
});

test("a question is answered by option, key, own words or not at all", async () => {
  const question = { id: "q1", text: "One or two?", options: [{ label: "One" }, { label: "Two", description: "wide" }] };
  const check = async (act: () => Promise<void>, answer: string | null) => {
    const shell = await openWindow();
    shell.agent("s1", turnStarted(), { type: "question_asked", question });
    await settled();
    await act();
    expect(shell.called("questionAnswer")).toEqual([["q1", answer]]);
    expect(maybe("question-card")).toBeNull();
    document.body.replaceChildren();
  };
  await check(() => click(find("question-option")), "One");
  await check(() => press(find("question-card"), "2"), "Two");
  await check(() => press(find("question-card"), "Escape"), null);
  await check(async () => {
    const field = find("question-card").querySelector("input")!;
    field.value = "three";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await settled();
    field.form!.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
    await settled();
  }, "three");
});
