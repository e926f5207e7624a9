import { expect, test } from "vitest";
import type { SettingOrigin, Settings } from "../ipc/types";
import { all, click, find, maybe, openWindow, press, send, settled, words } from "../testing/open";

type Prepare = Parameters<typeof openWindow>[0];

async function opened(prepare: Prepare = () => undefined) {
  const shell = await openWindow(prepare);
  await click(find("settings-open"));
  await settled();
  return shell;
}

const onAnthropic: Prepare = (fake) => {
  fake.state.settings.provider = "anthropic";
  fake.state.active = { id: "anthropic", label: "Anthropic", model: "claude-sonnet-4-5", effort: "auto", efforts: ["low", "medium", "high"], offline: false };
};

const field = <T extends HTMLElement = HTMLInputElement>(id: string) => document.getElementById(id) as T;
const origin = (key: string, layer: SettingOrigin["layer"], locked = false): SettingOrigin => ({ key, layer, value_text: "", locked });
const flag = (name: string) => all("flag").find((row) => row.dataset["name"] === name)!;
const toggle = (name: string) => flag(name).querySelector<HTMLButtonElement>("[role=switch]")!;

async function enter(id: string, value: string): Promise<void> {
  field(id).value = value;
  field(id).dispatchEvent(new Event("change", { bubbles: true }));
  await settled();
}

test("each flag says what it gates, how far it is and who decided", async () => {
  await opened((fake) => {
    const set = (name: string, more: object) => (fake.switches = fake.switches.map((one) => (one.name === name ? { ...one, ...more } : one)));
    set("decoys", { layer: "user", on: true });
    set("undercover", { layer: "system", on: true, locked: true });
    set("auto_compact", { layer: "environment", on: false });
    set("checkpoints", { available: false, on: false });
  });
  const cases: [name: string, said: string[], on: string, disabled: boolean][] = [
    ["decoys", ["Experimental", "Adds a few tool definitions", "Set by you; off by default."], "true", false],
    ["undercover", ["Beta", "cannot be changed here"], "true", true],
    ["auto_compact", ["Stable", "Set by the environment"], "false", false],
    ["checkpoints", ["This build or this system does not have it."], "false", true],
    ["background_titles", ["As by default: on."], "true", false],
  ];
  for (const [name, said, on, disabled] of cases) {
    for (const part of said) expect(words(flag(name)), name).toContain(part);
    expect(toggle(name).getAttribute("aria-checked"), name).toBe(on);
    expect(toggle(name).disabled, name).toBe(disabled);
  }
});

test("a flag is turned on, and left to its default again", async () => {
  const shell = await opened();
  await click(toggle("decoys"));
  expect(shell.called("flagSet")).toEqual([["decoys", true]]);
  expect(toggle("decoys").getAttribute("aria-checked")).toBe("true");
  const back = flag("decoys").querySelector<HTMLButtonElement>("button:not([role])")!;
  expect(back.getAttribute("aria-label")).toBe("Leave decoys to its default");
  await click(back);
  expect(shell.called("flagSet").at(-1)).toEqual(["decoys", null]);
  expect(toggle("decoys").getAttribute("aria-checked")).toBe("false");
  expect(flag("decoys").querySelector("button:not([role])")).toBeNull();
});

test("a flag that is refused stays as it was, and the refusal is said", async () => {
  const shell = await opened();
  shell.failures.flagSet = { kind: "config", message: "This machine's settings fix `decoys`.", hints: [] };
  await click(toggle("decoys"));
  expect(words(find("banner"))).toContain("fix `decoys`");
  expect(toggle("decoys").getAttribute("aria-checked")).toBe("false");
});

const bounds: [id: string, typed: string, wanted: Partial<Settings>][] = [
  ["setting-budget", "2.5", { daily_budget_usd: 2.5 }],
  ["setting-budget-tokens", "1500000", { daily_budget_tokens: 1_500_000 }],
  ["setting-budget-tokens", "0.4", { daily_budget_tokens: 1 }],
  ["setting-budget-session", "0.75", { session_budget_usd: 0.75 }],
  ["setting-turn-requests", "40", { turn_requests: 40 }],
  ["setting-turn-requests", "-3", { turn_requests: 0 }],
  ["setting-budget-session", "", { session_budget_usd: 0 }],
];

test("budgets are kept, and what is no amount sets no bound", async () => {
  const shell = await opened();
  for (const [id, typed, wanted] of bounds) {
    await enter(id, typed);
    expect(shell.called("settingsUpdate").at(-1)?.[0], `${id} ${typed}`).toMatchObject(wanted);
  }
});

test("what is decided above says so, and is closed where it is locked", async () => {
  await opened((fake) => {
    onAnthropic(fake);
    fake.origins = [
      origin("daily_budget_usd", "system", true),
      origin("theme", "environment"),
      origin("model", "flag"),
      origin("notifications", "system", true),
      origin("pet_species", "system"),
      origin("hotkey", "user"),
      origin("permission_mode", "system", true),
    ];
  });
  const note = (id: string) => words(document.getElementById(`${id}-by`));
  const open = (id: string) => !field(id).matches("fieldset:disabled *");
  expect(note("setting-budget")).toContain("Set for this whole machine");
  expect(open("setting-budget")).toBe(false);
  expect(note("setting-theme")).toContain("Set by the environment");
  expect(open("setting-theme")).toBe(true);
  expect(note("setting-model")).toContain("on the command line");
  expect(note("setting-species"), "only a default").toBe("");
  expect(note("setting-hotkey")).toBe("");
  const notifications = [...document.querySelectorAll<HTMLButtonElement>("[role=switch]")].find((one) => words(document.getElementById(one.getAttribute("aria-labelledby")!)) === "Desktop notifications")!;
  expect(notifications.disabled).toBe(true);
  expect(note("setting-mode")).toContain("a looser mode is refused");
  expect(document.querySelector<HTMLInputElement>("input[name=mode][value=plan]")!.disabled).toBe(false);
});

test("what decides is read again when the settings change", async () => {
  const shell = await opened((fake) => void (fake.origins = [origin("theme", "environment")]));
  expect(all("decided")).toHaveLength(1);
  shell.origins = [];
  shell.emit({ from: "settings", settings: shell.state.settings });
  await settled();
  expect(all("decided")).toHaveLength(0);
});

test("models show their window, price and abilities, and one is chosen by keys", async () => {
  const shell = await opened(onAnthropic);
  const rows = all("model-option");
  expect(rows.map((row) => words(row))).toEqual([
    "Claude Sonnet 4.5claude-sonnet-4-5imagesPDFeffort 200k $3 in, $15 out",
    "Claude Haiku 4.5claude-haiku-4-5imagesPDF 200k $1 in, $5 out",
    "Claude Scribe 1claude-scribe-1 1M no price known",
  ]);
  expect(rows.map((row) => row.getAttribute("aria-checked"))).toEqual(["true", "false", "false"]);
  expect(rows.map((row) => row.tabIndex)).toEqual([0, -1, -1]);
  rows[0]!.focus();
  await press(rows[0]!, "ArrowDown");
  expect(document.activeElement).toBe(rows[1]);
  await click(rows[1]!);
  expect(shell.called("settingsUpdate").at(-1)?.[0]).toMatchObject({ model: "claude-haiku-4-5" });
  await click(all("model-option")[0]!);
  expect(shell.called("settingsUpdate").at(-1)?.[0], "the default is no choice").toMatchObject({ model: "" });
});

test("the effort is chosen at the composer, auto first, and follows the shell", async () => {
  const shell = await openWindow(onAnthropic);
  expect(words(find("effort-chip"))).toBe("Effort Auto");
  await click(find("effort-chip"));
  const items = () => [...document.querySelectorAll<HTMLElement>("[role=menuitemradio]")];
  expect(items().map((item) => item.dataset["value"])).toEqual(["auto", "low", "medium", "high"]);
  expect(words(items()[0]!)).toContain("The provider decides");
  await press(document.activeElement!, "End");
  await click(document.activeElement!);
  expect(shell.called("settingsUpdate").at(-1)?.[0]).toMatchObject({ effort: "high" });
  expect(words(find("effort-chip"))).toBe("Effort High");
  // As `/effort low` does it.
  const settings: Settings = { ...shell.state.settings, effort: "low" };
  shell.emit({ from: "settings", settings }, { from: "state", state: { ...shell.state, settings, active: { ...shell.state.active, effort: "low" } } });
  await settled();
  expect(words(find("effort-chip"))).toBe("Effort Low");
  // A model that does not take it reads it as the nearest.
  shell.emit({ from: "state", state: { ...shell.state, settings, active: { ...shell.state.active, efforts: ["medium", "high"], effort: "medium" } } });
  await settled();
  expect(words(find("effort-chip"))).toBe("Effort Medium");
  shell.emit({ from: "state", state: { ...shell.state, settings, active: { ...shell.state.active, efforts: [], effort: "auto" } } });
  await settled();
  expect(maybe("effort-chip")).toBeNull();
});

test("an effort that is locked is shown and cannot be chosen", async () => {
  await openWindow((fake) => {
    onAnthropic(fake);
    fake.origins = [origin("effort", "system", true)];
  });
  await settled();
  expect(maybe("effort-chip")).toBeNull();
  expect(find("effort-fixed").title).toContain("cannot be changed here");
});

test("a session under cover says so, and what that does; the ledger is a click away", async () => {
  const shell = await openWindow((fake) => void (fake.views["s1"] = { undercover: true }));
  await click(find("cover-chip"));
  const panel = document.getElementById(find("cover-chip").getAttribute("aria-controls")!)!;
  expect(words(panel)).toContain("asked whether an AI is at work, it says so");
  await press(document.activeElement!, "Escape");
  expect(find("cover-chip").getAttribute("aria-expanded")).toBe("false");
  expect(document.activeElement).toBe(find("cover-chip"));
  await click(find("cover-chip"));
  await click([...document.querySelectorAll("button")].find((button) => words(button) === "Show what was stopped")!);
  expect(maybe("settings")).not.toBeNull();
  // Turned off, in the settings or elsewhere.
  shell.views["s1"] = { undercover: false };
  shell.emit({ from: "settings", settings: shell.state.settings });
  await settled();
  await settled();
  expect(maybe("cover-chip")).toBeNull();
});

test("the context names its decoys and says what they are", async () => {
  const shell = await openWindow((fake) => void (fake.replies["/context"] = { said: null, open: "context", session: null }));
  const report = await shell.contextReport("s1");
  shell.contextReport = () => Promise.resolve({ ...report, parts: [...report.parts, { kind: "decoys", tokens: 310, names: ["sync_ledger", "open_vault"] }] });
  await send("/context");
  await settled();
  expect(words(find("context-names"))).toContain("sync_ledgeropen_vault They do nothing.");
});

test("an overflow offers to condense and another model", async () => {
  const shell = await openWindow();
  const error = { kind: "context_overflow" as const, message: "The request is larger than the model takes.", hints: ["Condense with /compact, or choose a model with a larger window."] };
  shell.agent(
    "s1",
    { type: "turn_started", turn_id: "t1", provider: "p", model: "m", mode: "ask" },
    { type: "turn_finished", turn_id: "t1", reason: "failed", error, usage: { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 }, duration_ms: 1 },
  );
  await settled();
  await click(find("overflow-compact"));
  expect(shell.called("compact")).toEqual([["s1", null]]);
  shell.compact = () => Promise.resolve(false);
  await click(find("overflow-compact"));
  expect(words(document.querySelector("[role=log]"))).toContain("nothing left to condense");
  await click(find("overflow-model"));
  expect(maybe("settings")).not.toBeNull();
});
