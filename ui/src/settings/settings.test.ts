import { expect, test } from "vitest";
import type { Settings } from "../ipc/types";
import { all, click, find, maybe, openWindow, press, settled, words } from "../testing/open";
import { combination } from "./hotkey";

async function opened(prepare: Parameters<typeof openWindow>[0] = () => undefined) {
  const shell = await openWindow(prepare);
  await click(find("settings-open"));
  return shell;
}

function field<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no field ${id}`);
  return element as T;
}

async function change(element: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement, value: string): Promise<void> {
  element.value = value;
  element.dispatchEvent(new Event("input", { bubbles: true }));
  element.dispatchEvent(new Event("change", { bubbles: true }));
  await settled();
}

const updates: [name: string, act: () => Promise<void>, wanted: Partial<Settings>][] = [
  ["provider", () => click(document.querySelector("[data-testid=provider-option][data-id=anthropic]")!), { provider: "anthropic", model: "" }],
  ["model", () => change(field("setting-model"), "claude-haiku-4-5"), { model: "claude-haiku-4-5" }],
  ["fast model", () => change(field("setting-fast-model"), "claude-haiku-5-5"), { fast_model: "claude-haiku-5-5" }],
  ["base URL", () => change(field("setting-base-url"), "http://127.0.0.1:9"), { base_url: "http://127.0.0.1:9" }],
  ["microphone", () => change(field("setting-microphone"), "alsa:hw1"), { microphone: "alsa:hw1" }],
  ["when let go", () => change(field("setting-voice-send"), "hold"), { voice_send: "hold" }],
  ["species", () => change(field("setting-species"), "owl"), { pet_species: "owl" }],
  ["pet size", () => change(field("setting-pet-size"), "200"), { pet_size: 200 }],
  ["daily budget", () => change(field("setting-budget"), "2.5"), { daily_budget_usd: 2.5 }],
  ["no budget", () => change(field("setting-budget"), ""), { daily_budget_usd: 0 }],
  ["theme", () => change(field("setting-theme"), "dark"), { theme: "dark" }],
];

for (const [name, act, wanted] of updates) {
  test(`${name} is changed and kept by the shell`, async () => {
    const shell = await opened((fake) => {
      fake.state.providers = fake.state.providers.map((provider) => ({ ...provider, ready: true }));
      if (["model", "fast model", "base URL"].includes(name)) fake.state.settings.provider = "anthropic";
    });
    await act();
    expect(shell.called("settingsUpdate").at(-1)?.[0]).toMatchObject(wanted);
  });
}

test("switches switch", async () => {
  const shell = await opened();
  for (const toggle of document.querySelectorAll("[role=switch]")) await click(toggle);
  expect(shell.called("settingsUpdate").at(-1)?.[0]).toMatchObject({
    voice_enabled: false,
    sounds: false,
    pet_shown: false,
    notifications: false,
    reduced_motion: true,
  });
  expect(document.documentElement.dataset["motion"]).toBe("reduced");
});

test("a mode for new sessions is chosen, bypass only after a question", async () => {
  const shell = await opened();
  const radio = (mode: string) => document.querySelector<HTMLInputElement>(`input[name=mode][value=${mode}]`)!;
  await click(radio("plan"));
  expect(shell.called("settingsUpdate").at(-1)?.[0]).toMatchObject({ permission_mode: "plan" });
  await click(radio("bypass"));
  expect(shell.called("settingsUpdate")).toHaveLength(1);
  const sure = [...document.querySelectorAll("dialog button")].find((button) => words(button) === "Turn on bypass");
  await click(sure!);
  expect(shell.called("settingsUpdate").at(-1)?.[0]).toMatchObject({ permission_mode: "bypass" });
});

test("a refused change is taken back and said", async () => {
  const shell = await opened();
  shell.failures.settingsUpdate = { kind: "disk", message: "The disk is read-only.", hints: [] };
  await change(field("setting-theme"), "dark");
  expect(field<HTMLSelectElement>("setting-theme").value).toBe("system");
  expect(words(find("banner"))).toContain("The disk is read-only.");
});

test("a key is stored, never shown again, and can be forgotten", async () => {
  const shell = await opened();
  const input = find("key-input") as HTMLInputElement;
  expect(input.type).toBe("password");
  input.value = "sk-secret";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  await settled();
  input.form!.dispatchEvent(new SubmitEvent("submit", { bubbles: true, cancelable: true }));
  await settled();
  expect(shell.called("keySet")).toEqual([["anthropic", "sk-secret"]]);
  expect((find("key-input") as HTMLInputElement).value).toBe("");
  expect(document.body.innerHTML).not.toContain("sk-secret");
  expect(words(find("settings"))).toContain("Stored in the keyring");
  const forget = [...document.querySelectorAll("button")].find((button) => words(button) === "Forget");
  await click(forget!);
  expect(shell.called("keyDelete")).toEqual([["anthropic"]]);
});

async function type(id: string, value: string) {
  const input = find(id) as HTMLInputElement;
  expect(input.type).toBe("password");
  await change(input, value);
  return input;
}

test("without a keyring a passphrase locks the key into a file", async () => {
  const shell = await opened((fake) => {
    fake.failures.keySet = { kind: "desktop", message: "The system's keyring cannot be used.", hints: [] };
  });
  const input = await type("key-input", "sk-secret");
  input.form!.requestSubmit();
  await settled();
  expect(maybe("banner")).toBeNull();
  expect(input.value).toBe("sk-secret");
  const keep = () => [...document.querySelectorAll("button")].find((button) => words(button) === "Keep")!;
  await type("key-passphrase", "short");
  expect(keep().disabled).toBe(true);
  await type("key-passphrase", "four badgers read a map");
  await click(keep());
  expect(shell.called("keySeal")).toEqual([["anthropic", "sk-secret", "four badgers read a map"]]);
  expect(words(find("settings"))).toContain("Kept in the file of keys");
  expect(maybe("key-passphrase")).toBeNull();
  expect(document.body.innerHTML).not.toContain("badgers");
});

test("a locked file is opened with its passphrase, and a wrong one is said", async () => {
  const shell = await opened((fake) => {
    const lock = { ready: false, key_source: "locked" as const };
    fake.state.providers = fake.state.providers.map((provider) => (provider.id === "anthropic" ? { ...provider, ...lock } : provider));
    fake.failures.keysUnlock = { kind: "auth", message: "The passphrase does not open the file of keys.", hints: [] };
  });
  expect(words(find("settings"))).toContain("which is locked");
  const input = await type("key-passphrase", "wrong words");
  input.form!.requestSubmit();
  await settled();
  expect(words(find("banner"))).toContain("does not open");
  delete shell.failures.keysUnlock;
  await type("key-passphrase", "four badgers read a map");
  input.form!.requestSubmit();
  await settled();
  expect(shell.called("keysUnlock").at(-1)).toEqual(["four badgers read a map"]);
  expect(maybe("key-passphrase")).toBeNull();
  expect(words(find("settings"))).toContain("Kept in the file of keys");
});

test("a provider that is not ready is not chosen by a click", async () => {
  const shell = await opened();
  await click(document.querySelector("[data-testid=provider-option][data-id=anthropic]")!);
  expect(shell.called("settingsUpdate")).toEqual([]);
});

test("the hotkey field records a combination", async () => {
  const shell = await opened();
  await click(find("hotkey"));
  expect(words(find("hotkey"))).toBe("Press the combination");
  await press(find("hotkey"), "Control", { ctrlKey: true, code: "ControlLeft" });
  expect(words(find("hotkey"))).toBe("Ctrl+…");
  await press(find("hotkey"), "m", { ctrlKey: true, shiftKey: true, code: "KeyM" });
  expect(shell.called("settingsUpdate").at(-1)?.[0]).toMatchObject({ hotkey: "Ctrl+Shift+M" });
  expect(words(find("hotkey"))).toBe("Ctrl+Shift+M");
});

test("combinations that text needs are not taken", () => {
  const key = (key: string, code: string, held: KeyboardEventInit = {}) => combination(new KeyboardEvent("keydown", { key, code, ...held }));
  expect(key("a", "KeyA")).toEqual({ partial: "" });
  expect(key("A", "KeyA", { shiftKey: true })).toEqual({ partial: "Shift" });
  expect(key("F9", "F9")).toEqual({ complete: "F9" });
  expect(key(" ", "Space", { ctrlKey: true, altKey: true })).toEqual({ complete: "Ctrl+Alt+Space" });
});

test("a speech model is installed with its progress, and a failure offers another try", async () => {
  const shell = await opened((fake) => {
    fake.models = [{ name: "tiny.en", bytes: 77_700_000, language: "English", licence: "MIT", note: "Fast", installed: false }];
  });
  const row = () => all("speech-model")[0]!;
  expect(words(row())).toContain("English · 78 MB · MIT");
  await click(row().querySelector("button")!);
  expect(shell.called("speechModelInstall")).toEqual([["tiny.en"]]);
  shell.emit({ from: "install", progress: { name: "tiny.en", received: 38_850_000, total: 77_700_000, done: false, error: null } });
  await settled();
  expect(words(row())).toContain("39 MB of 78 MB");
  expect(row().querySelector("progress")?.value).toBe(50);
  shell.emit({
    from: "install",
    progress: { name: "tiny.en", received: 0, total: 0, done: false, error: { kind: "unreachable", message: "The download stopped.", hints: ["Check the network."] } },
  });
  await settled();
  expect(words(row())).toContain("The download stopped. Check the network.");
  expect(words(row().querySelector("button"))).toBe("Try again");
});

test("Esc leaves the settings", async () => {
  await opened();
  await press(document.body, "Escape");
  expect(maybe("settings")).toBeNull();
});

test("first start offers what was found and falls back to the commander", async () => {
  const shell = await openWindow((fake) => {
    fake.sessions = [];
    fake.state.first_start = true;
    fake.state.workspace = null;
    fake.state.voice.model.installed = false;
    fake.folder = "/home/lea/code/harbour";
  });
  expect(all("provider-option").map((option) => option.dataset["id"])).toEqual(["offline", "anthropic"]);
  expect(words(find("first-start"))).toContain("Work offline with the commander");
  expect(words(find("first-start"))).toContain("No speech model yet");
  const choose = [...find("first-start").querySelectorAll("button")].find((button) => words(button) === "Choose a folder");
  await click(choose!);
  expect(words(find("first-start"))).toContain("~/code/harbour");
  await click(find("first-start-begin"));
  expect(maybe("first-start")).toBeNull();
  expect(shell.called("settingsUpdate")).toHaveLength(1);
});
