// Scenes of what is allowed: rules, trust in folders, the audit ledger.

import { audit, found, ruleUses, rules } from "../sample";
import type { FakeBackend } from "../fake";
import type { FoundItem, PermissionRequest } from "../types";
import { settings } from "./giving";

type Act = { prepare?: (shell: FakeBackend) => void; play?: (shell: FakeBackend) => void };

const root = "/home/lea/code/tidepool";
const at = (testid: string) => document.querySelector<HTMLElement>(`[data-testid=${testid}]`);

const command = "cargo nextest run --workspace --profile ci";
const often: PermissionRequest = {
  id: "p3",
  call: { id: "b4", name: "bash", input: { command } },
  title: "Run the whole test suite?",
  subject: command,
  accesses: [{ type: "execute", command, cwd: root }],
  findings: [
    { check: "bash.builds", reason: "Builds and runs code of this project", danger: false, span: { start: 0, end: 17 } },
    { check: "mode.ask", reason: "The mode in force asks before every command.", danger: false, span: null },
  ],
  danger: false,
  session_scope: "this very command in this folder",
  rule: `Bash(${command})`,
  approved_before: 3,
  confined: false,
};

function asked(shell: FakeBackend): void {
  shell.views["s1"] = { running: true, permissions: [often] };
  shell.sessions = shell.sessions.map((session) => (session.id === "s1" ? { ...session, state: "waiting" } : session));
}

function restricted(shell: FakeBackend): void {
  shell.law.trusted = [];
  shell.law.found = { [root]: found };
}

function ruled(shell: FakeBackend): void {
  shell.state.settings = { ...shell.state.settings, rules };
  shell.law.uses = ruleUses;
  shell.law.trusted = [
    { path: root, at_ms: Date.now() - 70 * 60_000 },
    { path: "/home/lea/code/harbour", at_ms: Date.now() - 34 * 86_400_000 },
  ];
}

function type(element: HTMLElement | null, text: string): void {
  if (!(element instanceof HTMLInputElement)) return;
  element.value = text;
  element.dispatchEvent(new Event("input", { bubbles: true }));
  setTimeout(() => element.form?.requestSubmit(), 50);
}

const inSettings = (section: string, act: () => void) => () => {
  settings(section);
  setTimeout(act, 1200);
};

const chooseMode = (mode: string) => () => {
  at("mode-header")?.click();
  setTimeout(() => document.querySelector<HTMLElement>(`[role=menu] [data-value=${mode}]`)?.click(), 100);
};

export const lawActs: Record<string, Act> = {
  often: { prepare: asked },
  always: { prepare: asked, play: () => at("ask-always")?.click() },
  why: { prepare: asked, play: () => document.querySelector<HTMLElement>("[data-testid=ask-card] summary")?.click() },
  outside: {
    prepare: (shell) => {
      const source = "`/home/lea/notes/parser.md`";
      shell.messages["s1"] = (shell.messages["s1"] ?? []).map((message) => ({
        ...message,
        blocks: message.blocks.map((block) => (block.type === "tool_result" && ["b1", "r2"].includes(block.call_id) ? { ...block, source } : block)),
      }));
    },
    play: (shell) => shell.agent("s1", { type: "rule_saved", rule: often.rule ?? "", project: root }, { type: "rule_saved", rule: "todo", project: null }),
  },
  restricted: { prepare: restricted },
  trust: { prepare: restricted, play: () => at("trust-chip")?.click() },
  wanted: { prepare: restricted, play: chooseMode("auto") },
  crowded: {
    prepare: (shell) => {
      restricted(shell);
      const hooks = Array.from({ length: 30 }, (_, index): FoundItem => ({ kind: "git_program", path: ".git/hooks", detail: `hook-number-${index}` }));
      shell.law.found = { [root]: [...found, ...hooks] };
    },
    play: () => at("trust-chip")?.click(),
  },
  plain: { prepare: (shell) => void (shell.law.trusted = []), play: () => at("trust-chip")?.click() },
  rules: { prepare: ruled, play: inSettings("Permissions", () => at("rule-form")?.closest("div")?.scrollIntoView({ block: "start" })) },
  removed: { prepare: ruled, play: inSettings("Permissions", () => at("rule-remove")?.click()) },
  refusedrule: {
    prepare: ruled,
    play: inSettings("Permissions", () => {
      at("rule-form")?.scrollIntoView({ block: "center" });
      type(at("rule-text"), "Bash(cargo");
    }),
  },
  norules: { prepare: (shell) => void (shell.law.trusted = []), play: inSettings("Permissions", () => at("rule-form")?.scrollIntoView({ block: "center" })) },
  try: {
    prepare: ruled,
    play: inSettings("Permissions", () => {
      at("policy-what")?.scrollIntoView({ block: "center" });
      type(at("policy-what"), "git add -A && git push origin main");
    }),
  },
  audit: { prepare: (shell) => void (shell.law.ledger = audit()), play: () => settings("Audit") },
  broken: {
    prepare: (shell) => {
      shell.law.ledger = audit();
      shell.law.broken = { number: 371, detail: "the entry, or one before it, was changed" };
    },
    play: () => settings("Audit"),
  },
  nosandbox: { prepare: (shell) => void (shell.state.sandbox = { available: false, detail: "bubblewrap is not installed" }), play: () => settings("Permissions") },
};
