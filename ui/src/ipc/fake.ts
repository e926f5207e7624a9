// A shell made of plain data: tests and the browser scenes say what it
// knows, make things happen with `agent` and `emit`, and read its calls.

import type { Backend } from "./backend";
import type {
  AppState,
  ErrorInfo,
  EventKind,
  Message,
  ProviderStatus,
  SessionSummary,
  SessionView,
  Settings,
  ShellEvent,
  SpeechModel,
} from "./types";

export type Call = { name: keyof Backend; args: unknown[] };

export const settings: Settings = {
  provider: "",
  model: "",
  base_url: "",
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
};

export const providers: ProviderStatus[] = [
  {
    id: "offline",
    label: "Offline commander",
    ready: true,
    detail: "Needs no key and no network; understands plain requests",
    fix: "",
    needs_key: false,
    key_source: "none",
    models: [],
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
    models: ["claude-sonnet-4-5", "claude-haiku-4-5"],
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
  active: { id: "offline", label: "Offline commander", model: "", offline: true },
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
  notices: [],
  first_start: false,
};

const nothing = { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };

export class FakeBackend implements Backend {
  state: AppState = structuredClone(appState);
  sessions: SessionSummary[] = [];
  messages: Record<string, Message[]> = {};
  views: Record<string, Partial<SessionView>> = {};
  models: SpeechModel[] = [];
  folder: string | null = null;
  readonly calls: Call[] = [];
  readonly failures: Partial<Record<keyof Backend, ErrorInfo>> = {};
  onSubmit: ((sessionId: string, text: string) => void) | null = null;
  #listener: (events: ShellEvent[]) => void = () => undefined;
  #seq = 0;
  #ids = 0;

  /** Makes the agent of a session say something. */
  agent(sessionId: string, ...kinds: EventKind[]): void {
    this.#listener(
      kinds.map((kind) => {
        this.#seq += 1;
        return { from: "agent", event: { session_id: sessionId, seq: this.#seq, at_ms: Date.now(), ...kind } };
      }),
    );
  }

  emit(...events: ShellEvent[]): void {
    this.#listener(events);
  }

  called(name: keyof Backend): unknown[][] {
    return this.calls.filter((call) => call.name === name).map((call) => call.args);
  }

  async #call<T>(name: keyof Backend, args: unknown[], value: () => T): Promise<T> {
    this.calls.push({ name, args });
    await Promise.resolve();
    const failure = this.failures[name];
    if (failure) throw failure;
    return value();
  }

  appState() {
    return this.#call("appState", [], () => this.state);
  }
  subscribe(onEvents: (events: ShellEvent[]) => void) {
    return this.#call("subscribe", [], () => {
      this.#listener = onEvents;
    });
  }
  sessionList(query: string) {
    const words = query.toLowerCase();
    return this.#call("sessionList", [query], () =>
      this.sessions.filter(
        (session) =>
          session.title.toLowerCase().includes(words) || JSON.stringify(this.messages[session.id] ?? []).toLowerCase().includes(words),
      ),
    );
  }
  sessionStart(workspace: string | null) {
    return this.#call("sessionStart", [workspace], () => {
      const now = Date.now();
      const id = `new-${++this.#ids}`;
      const summary: SessionSummary = {
        id,
        title: "New session",
        workspace: workspace ?? this.state.workspace ?? "/home/lea",
        state: "idle",
        created_ms: now,
        updated_ms: now,
        message_count: 0,
      };
      this.sessions = [summary, ...this.sessions];
      return summary;
    });
  }
  sessionOpen(sessionId: string): Promise<SessionView> {
    return this.#call("sessionOpen", [sessionId], () => {
      const summary = this.sessions.find(({ id }) => id === sessionId);
      if (!summary) throw { kind: "not_found", message: "This session does not exist.", hints: [] } satisfies ErrorInfo;
      return {
        summary,
        messages: this.messages[sessionId] ?? [],
        mode: this.state.settings.permission_mode,
        running: false,
        permissions: [],
        questions: [],
        todos: null,
        usage: nothing,
        last_seq: this.#seq,
        ...this.views[sessionId],
      };
    });
  }
  sessionSubmit(sessionId: string, text: string, origin: string) {
    return this.#call("sessionSubmit", [sessionId, text, origin], () => {
      this.onSubmit?.(sessionId, text);
      return `turn-${++this.#ids}`;
    });
  }
  sessionCancel(sessionId: string) {
    return this.#call("sessionCancel", [sessionId], () => undefined);
  }
  sessionSetMode(sessionId: string, mode: string) {
    return this.#call("sessionSetMode", [sessionId, mode], () => undefined);
  }
  sessionRename(sessionId: string, title: string) {
    return this.#call("sessionRename", [sessionId, title], () => undefined);
  }
  permissionAnswer(requestId: string, answer: unknown) {
    return this.#call("permissionAnswer", [requestId, answer], () => true);
  }
  questionAnswer(requestId: string, answer: string | null) {
    return this.#call("questionAnswer", [requestId, answer], () => true);
  }
  settingsUpdate(wanted: Settings) {
    return this.#call("settingsUpdate", [wanted], () => {
      this.state = { ...this.state, settings: wanted };
      return wanted;
    });
  }
  keySet(provider: string, key: string) {
    return this.#call("keySet", [provider, key], () => this.#withKey(provider, true));
  }
  keyDelete(provider: string) {
    return this.#call("keyDelete", [provider], () => this.#withKey(provider, false));
  }
  #withKey(id: string, stored: boolean): ProviderStatus[] {
    const status = stored
      ? { ready: true, detail: "Key from the keyring", fix: "", key_source: "keyring" as const }
      : { ready: false, detail: "No key yet", fix: "Store a key below.", key_source: "none" as const };
    const list = this.state.providers.map((provider) => (provider.id === id ? { ...provider, ...status } : provider));
    this.state = { ...this.state, providers: list };
    return list;
  }
  workspaceChoose() {
    return this.#call("workspaceChoose", [], () => this.folder);
  }
  voicePress() {
    return this.#call("voicePress", [], () => undefined);
  }
  voiceRelease() {
    return this.#call("voiceRelease", [], () => undefined);
  }
  voiceCancel() {
    return this.#call("voiceCancel", [], () => undefined);
  }
  voiceRetry() {
    return this.#call("voiceRetry", [], () => undefined);
  }
  speechModels() {
    return this.#call("speechModels", [], () => this.models);
  }
  speechModelInstall(name: string) {
    return this.#call("speechModelInstall", [name], () => undefined);
  }
  speechModelInstallFile() {
    return this.#call("speechModelInstallFile", [], () => undefined);
  }
}
