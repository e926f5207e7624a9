// What the fake shell knows at first, and what it answers when asked.

import type { AppState, AuditKind, AuditRecord, CommandInfo, ContextReport, FlagView, FoundItem, MemoryView, ModelFacts, PolicyAnswer, ProviderStatus, Rewind, RuleTexts, RuleUse, Settings, UsageReport } from "./types";

export const settings: Settings = {
  provider: "",
  model: "",
  fast_model: "",
  effort: "auto",
  base_url: "",
  context_window: 0,
  daily_budget_usd: 0,
  daily_budget_tokens: 0,
  session_budget_usd: 0,
  turn_requests: 0,
  search_url: "",
  permission_mode: "ask",
  microphone: null,
  hotkey: "Ctrl+Alt+Space",
  voice_enabled: true,
  voice_send: "at_once",
  speech_model: "base.en",
  sounds: true,
  notifications: true,
  pet_shown: true,
  pet_species: "fox",
  pet_size: 128,
  theme: "system",
  reduced_motion: false,
  workspace: "/home/lea/code/tidepool",
  rules: { allow: [], ask: [], deny: [] },
  flags: {},
  undercover: {},
};

const allEfforts = ["low", "medium", "high"] as const;

const facts: ModelFacts[] = [
  { name: "claude-sonnet-4-5", label: "Claude Sonnet 4.5", context_window: 200_000, efforts: [...allEfforts], images: true, pdfs: true, price: { input: 3, output: 15, cache_read: 0.3, cache_write: 3.75 } },
  { name: "claude-haiku-4-5", label: "Claude Haiku 4.5", context_window: 200_000, efforts: [], images: true, pdfs: true, price: { input: 1, output: 5, cache_read: 0.1, cache_write: 1.25 } },
  { name: "claude-scribe-1", label: "Claude Scribe 1", context_window: 1_000_000, efforts: [], images: false, pdfs: false, price: null },
];

export const providers: ProviderStatus[] = [
  {
    id: "offline",
    label: "Offline commander",
    ready: true,
    detail: "Needs no key and no network; understands plain requests",
    fix: "",
    needs_key: false,
    key_source: "none",
    models: ["offline"],
    model_facts: [{ name: "offline", label: "offline", context_window: null, efforts: [], images: false, pdfs: false, price: null }],
    default_model: "",
  },
  {
    id: "anthropic",
    label: "Anthropic",
    ready: false,
    detail: "No key yet",
    fix: "Store a key below, or set ANTHROPIC_API_KEY.",
    needs_key: true,
    key_source: "none",
    models: facts.map(({ name }) => name),
    model_facts: facts,
    default_model: "claude-sonnet-4-5",
  },
];

export const appState: AppState = {
  version: "0.1.0",
  home: "/home/lea/.local/share/familiar",
  workspace: "/home/lea/code/tidepool",
  branch: "parser-timeouts",
  settings,
  providers,
  active: { id: "offline", label: "Offline commander", model: "offline", effort: "auto", efforts: [], offline: true },
  voice: {
    model: { installed: true, name: "base.en", path: "/home/lea/.local/share/familiar/models/ggml-base.en.bin" },
    microphones: [
      { id: "alsa:hw0", name: "Built-in microphone", is_default: true },
      { id: "alsa:hw1", name: "Blue Yeti", is_default: false },
    ],
    hotkey: { active: true, detail: "Registered" },
  },
  species: [
    { name: "fox", label: "Fox", rarity: "common" },
    { name: "owl", label: "Owl", rarity: "uncommon" },
    { name: "axolotl", label: "Axolotl", rarity: "rare" },
  ],
  sandbox: { available: true, detail: "bubblewrap, Landlock and a filter of system calls" },
  notices: [],
  first_start: false,
};

export const commands: CommandInfo[] = [
  { name: "audit", arguments: "", summary: "Look back on every request, decision and effect" },
  { name: "compact", arguments: "[what to keep above all]", summary: "Condense the conversation so far" },
  { name: "compact-undo", arguments: "", summary: "Bring back what was condensed" },
  { name: "context", arguments: "", summary: "Show what fills the context window" },
  { name: "model", arguments: "NAME", summary: "Change the model" },
  { name: "permissions", arguments: "", summary: "See and change rules, trusted folders and the mode of new sessions" },
  { name: "rewind", arguments: "", summary: "Go back to an earlier message" },
  { name: "trust", arguments: "", summary: "See what this folder brings along, and trust it or not" },
  { name: "usage", arguments: "", summary: "Show tokens and money" },
];

export const contextReport: ContextReport = {
  window: 200_000,
  used: 62_300,
  parts: [
    { kind: "system", tokens: 900 },
    { kind: "tools", tokens: 4_200 },
    { kind: "memory", tokens: 1_700 },
    { kind: "summary", tokens: 6_100 },
    { kind: "requests", tokens: 2_400 },
    { kind: "answers", tokens: 14_000 },
    { kind: "results", tokens: 33_000 },
  ],
  condensed: true,
  masked: 12,
};

/** The switches of the shell: one of each stage, one that is fixed. */
export const flags: FlagView[] = (
  [
    ["auto_compact", "stable", true, "Condenses a long conversation by itself before the window is full."],
    ["background_titles", "stable", true, "Has the provider's fast model name a session after its first answer."],
    ["checkpoints", "stable", true, "Takes snapshots of the workspace around changes, for undo and rewind."],
    ["decoys", "experimental", false, "Adds a few tool definitions that do nothing to every request, against copying."],
    ["undercover", "beta", false, "Works under cover in every project, not only in those of the settings."],
  ] as const
).map(([name, stage, on, about]) => ({ name, stage, about, since: "0.1.0", default_on: on, on, layer: "default", available: true, needs_restart: false, locked: false }));

const happened: readonly [minutes: number, kind: AuditKind, session_id: string | null, subject: string, detail: string][] = [
  [1, "call_ended", "s1", "bash", "It succeeded after 4300 ms."],
  [1, "call_allowed", "s1", "bash: cargo test -p parser", "It runs: the rule `Bash(cargo test *)` allows it."],
  [4, "leak_stopped", "s1", "git commit -m 'Fix Bluebird login'", "The message names `Bluebird`, a name of your list, in line 1."],
  [9, "call_refused", "s1", "bash: cat ~/.ssh/id_ed25519", "The rule `Read(~/.ssh/**)` forbids it. [rule.deny]"],
  [12, "call_answered", "s1", "cargo install cargo-fuzz", "The user denied: use the one in the image, in the window."],
  [31, "rules_changed", null, "rules", "added allow `Bash(cargo test *)`"],
  [31, "call_answered", "s1", "cargo test -p parser", "The user allowed, and `Bash(cargo test *)` from now on in this project, in the window."],
  [66, "mode_changed", "s3", "permission mode", "From ask to auto."],
  [70, "trust_given", null, "/home/lea/code/tidepool", "Shown with it: .git/hooks, package.json, AGENTS.md."],
  [26 * 60, "decoy_called", "s3", "sync_ledger", "The model called a decoy; nothing was run."],
  [50 * 60, "leak_found", null, "commit 4f1c9ab", "Its author is your usual address; it is not pushed until it is mended."],
  [73 * 60, "trust_revoked", null, "/home/lea/downloads/demo", "It is restricted again."],
];

/** A ledger of some length, the newest first. */
export function audit(): AuditRecord[] {
  const now = Date.now();
  const length = 412;
  const reads = Array.from({ length: 40 }, (_, index) => [74 * 60 + index * 9, "call_allowed", "s2", `read: src/module_${index}.rs`, "It runs: it only reads in the workspace."] as const);
  return [...happened, ...reads].map(([minutes, kind, session_id, subject, detail], index) => {
    const number = length - index;
    const hash = Array.from({ length: 8 }, (_, part) => ((number * 2_654_435_761 * (part + 1)) >>> 0).toString(16).padStart(8, "0")).join("");
    return { number, hash, at_ms: now - minutes * 60_000, kind, session_id, call_id: kind.startsWith("call_") ? `call-${number}` : null, subject, detail };
  });
}

export const rules: RuleTexts = {
  deny: ["Read(~/.ssh/**)", { rule: "Bash(git push --force *)", project: "/home/lea/code/tidepool" }],
  ask: ["Bash(git push *)"],
  allow: [
    { rule: "Bash(cargo test *)", project: "/home/lea/code/tidepool", source: "answer", saved_ms: Date.now() - 3 * 86_400_000 },
    { rule: "Bash(docker compose --file deploy/staging/compose.yaml --profile observability up --detach)", source: "hand", saved_ms: Date.now() - 86_400_000, expires: "2099-01-31" },
    { rule: "Edit(docs/**)", project: "/home/lea/code/harbour", source: "answer", saved_ms: Date.now() - 40 * 86_400_000, expires: "2024-05-02" },
    "todo",
  ],
};

export const ruleUses: RuleUse[] = [
  { rule: "Bash(cargo test *)", count: 12, used_ms: Date.now() - 2 * 3_600_000 },
  { rule: "todo", count: 1, used_ms: Date.now() - 9 * 86_400_000 },
];

export const found: FoundItem[] = [
  { kind: "mcp_server", path: ".mcp.json", detail: "tickets: npx -y @harbour/tickets-mcp --token-from-env" },
  { kind: "mcp_server", path: ".mcp.json", detail: "docs: https://docs.harbour.example/mcp" },
  { kind: "agent_hooks", path: ".claude/settings.json", detail: "./scripts/after-edit.sh" },
  { kind: "editor_task", path: ".vscode/tasks.json", detail: "" },
  { kind: "git_program", path: ".git/hooks", detail: "post-checkout" },
  { kind: "git_program", path: ".git/hooks", detail: "pre-commit" },
  { kind: "git_program", path: ".gitattributes", detail: "*.bin filter=lfs diff=lfs merge=lfs -text" },
  { kind: "toolchain", path: "package.json", detail: "postinstall: node scripts/setup.mjs && curl -fsSL https://get.harbour.example/install.sh | sh" },
  { kind: "environment", path: ".envrc", detail: "" },
  { kind: "settings", path: ".familiar/settings.toml", detail: "" },
  { kind: "notes", path: "AGENTS.md", detail: "" },
];

export function policyAnswer(what: string): PolicyAnswer {
  if (what.startsWith("Read(")) return { decision: "allow", because: "it only reads in the workspace.", findings: [], confined: false };
  const push = what.indexOf("git push");
  const findings = [{ check: "mode.ask", reason: "The mode in force asks before every command.", danger: false }];
  if (push < 0) return { decision: "ask", because: "The mode in force asks before every command.", findings, confined: false };
  const rule = { check: "rule.ask", reason: "The rule `Bash(git push *)` wants to be asked.", danger: false, span: { start: push, end: push + 8 } };
  return { decision: "ask", because: rule.reason, findings: [rule, { check: "bash.network", reason: "Talks to another machine", danger: false, span: { start: push, end: push + 8 } }], confined: false };
}

export const memoryView: MemoryView = {
  files: [{ path: "/home/lea/code/tidepool/AGENTS.md", text: "Run `cargo test` before you say it works.\n", notes: [] }],
  editable: ["/home/lea/code/tidepool/AGENTS.md", "/home/lea/.config/familiar/AGENTS.md"],
};

export const rewindPlan: Rewind = {
  changes: [
    { path: "src/parser.rs", action: "replace", entry: "file", bytes: 2_310, also_by_others: false },
    { path: "src/timeout.rs", action: "delete", entry: "file", bytes: 0, also_by_others: false },
    { path: "notes.txt", action: "create", entry: "file", bytes: 120, also_by_others: true },
  ],
  kept: [{ path: "README.md", why: "it was changed since the last call" }],
  failed: [],
};

/** Use on most of the last days, a little more each week. */
export function usageReport(): UsageReport {
  const today = Math.floor(Date.now() / 86_400_000);
  const usage = (scale: number) => ({ input_tokens: 9_000 * scale, output_tokens: 2_100 * scale, cache_read_tokens: 80_000 * scale, cache_write_tokens: 3_000 * scale });
  const models = [
    { model: "claude-sonnet-5-5", share: 1, price: 0.07 },
    { model: "claude-opus-5-5", share: 0.5, price: 0.19 },
    { model: "claude-haiku-5-5", share: 0.3, price: 0.02 },
  ];
  const days = Array.from({ length: 26 }, (_, index) => index)
    .filter((index) => index % 7 !== 5)
    .flatMap((index) => {
      const scale = 1 + ((index * 5) % 7);
      return models
        .filter((_, at) => (index + at) % (at + 1) === 0)
        .map(({ model, share, price }) => ({
          day: today - index,
          provider: "anthropic",
          model,
          turns: 3 + (index % 5),
          usage: usage(scale * share),
          cost_usd: price * scale * share,
        }));
    });
  const turns = Array.from({ length: 18 }, (_, index) => ({
    turn_id: `turn-${index}`,
    started_ms: index,
    provider: "anthropic",
    model: "claude-sonnet-5-5",
    usage: usage(0.1 + ((index * 3) % 8) / 10),
    cost_usd: 0.005 + ((index * 3) % 8) / 500,
  }));
  return { days, turns };
}
