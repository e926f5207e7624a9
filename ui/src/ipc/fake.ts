// A shell made of plain data: tests and the browser scenes say what it
// knows, make things happen with `agent` and `emit`, and read its calls.

import type { Backend } from "./backend";
import { FakeLaw } from "./fake/law";
import { FakeShelf } from "./fake/shelf";
import type {
  AppState,
  AuditQuery,
  CommandReply,
  Cut,
  ErrorInfo,
  EventKind,
  ExportFormat,
  FlagView,
  GivenFiles,
  Message,
  MessagePage,
  PermissionMode,
  Place,
  ProviderStatus,
  RewindScope,
  SessionSummary,
  SessionView,
  SettingOrigin,
  Settings,
  ShelfQuery,
  ShellEvent,
  SpeechModel,
} from "./types";
import { appState, commands, flags as switches, contextReport, memoryView, rewindPlan, usageReport } from "./sample";

export type Call = { name: keyof Backend; args: unknown[] };

const nothing = { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 };

export class FakeBackend implements Backend {
  state: AppState = structuredClone(appState);
  sessions: SessionSummary[] = [];
  switches: FlagView[] = structuredClone(switches);
  origins: SettingOrigin[] = [];
  messages: Record<string, Message[]> = {};
  readonly shelves = new FakeShelf(this);
  readonly law = new FakeLaw();
  views: Record<string, Partial<SessionView>> = {};
  models: SpeechModel[] = [];
  folder: string | null = null;
  /** In the clipboard, beside the page's own paste. */
  picture: string | null = null;
  readonly calls: Call[] = [];
  readonly failures: Partial<Record<keyof Backend, ErrorInfo>> = {};
  /** A rewind was cut off. */
  rewindCut = false;
  /** What comes before the messages of a view. */
  older: MessagePage = { messages: [], older: 0, newer: 0, unreadable: [] };
  /** What a slash command brings; every other text is a message. */
  readonly replies: Record<string, CommandReply> = {};
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

  appState = () => this.#call("appState", [], () => this.state);
  subscribe(onEvents: (events: ShellEvent[]) => void) {
    return this.#call("subscribe", [], () => {
      this.#listener = onEvents;
    });
  }
  shelf = (query: ShelfQuery) => this.#call("shelf", [query], () => this.shelves.page(query));
  shelfCounts = () => this.#call("shelfCounts", [], () => this.shelves.counts());
  search = (query: ShelfQuery) => this.#call("search", [query], () => this.shelves.search(query));
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
        ...this.shelves.latest(sessionId),
        mode: this.state.settings.permission_mode,
        undercover: false,
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
  sessionSubmit(sessionId: string, text: string, origin: string, files?: GivenFiles) {
    return this.#call("sessionSubmit", [sessionId, text, origin, ...(files ? [files] : [])], () => {
      this.onSubmit?.(sessionId, text);
      return `turn-${++this.#ids}`;
    });
  }
  clipboardPicture = () => this.#call("clipboardPicture", [], () => this.picture);
  filesWaiting = (waiting: boolean) => this.#call("filesWaiting", [waiting], () => undefined);
  sessionCancel = (sessionId: string) => this.#call("sessionCancel", [sessionId], () => undefined);
  sessionSetMode(sessionId: string, mode: PermissionMode) {
    const folder = this.sessions.find(({ id }) => id === sessionId)?.workspace ?? "";
    return this.#call("sessionSetMode", [sessionId, mode], () => this.law.may(mode, folder, this.state.sandbox.available));
  }
  sessionRename = (sessionId: string, title: string) => this.#call("sessionRename", [sessionId, title], () => undefined);
  commands = () => this.#call("commands", [], () => commands);
  commandRun = (sessionId: string, text: string) => this.#call("commandRun", [sessionId, text], () => this.replies[text] ?? null);
  contextReport = (sessionId: string) => this.#call("contextReport", [sessionId], () => contextReport);
  compact = (sessionId: string, focus: string | null) => this.#call("compact", [sessionId, focus], () => true);
  compactUndo = (sessionId: string) => this.#call("compactUndo", [sessionId], () => true);
  historyOlder = (sessionId: string, before: string) => this.#call("historyOlder", [sessionId, before], () => this.shelves.around(sessionId, before, "before") ?? this.older);
  historyNewer = (sessionId: string, after: string) => this.#call("historyNewer", [sessionId, after], () => this.shelves.around(sessionId, after, "after") ?? this.older);
  historyAround(sessionId: string, messageId: string) {
    return this.#call("historyAround", [sessionId, messageId], () => {
      const page = this.shelves.around(sessionId, messageId, "around");
      if (!page) throw { kind: "not_found", message: "This message is gone.", hints: [] } satisfies ErrorInfo;
      return page;
    });
  }
  branches = (sessionId: string) => this.#call("branches", [sessionId], () => this.shelves.branches[sessionId] ?? []);
  branchChoose = (sessionId: string, number: number) => this.#call("branchChoose", [sessionId, number], () => this.shelves.choose(sessionId, number));
  sessionPlace = (sessionId: string, place: Place) => this.#call("sessionPlace", [sessionId, place], () => this.shelves.place(sessionId, place));
  sessionDelete = (sessionId: string) => this.#call("sessionDelete", [sessionId], () => this.shelves.remove([sessionId]));
  trashSize = () => this.#call("trashSize", [], () => this.shelves.size());
  trashEmpty = () => this.#call("trashEmpty", [], () => this.shelves.empty());
  sessionFork(sessionId: string, cut: Cut) {
    return this.#call("sessionFork", [sessionId, cut], () => {
      const from = this.sessions.find(({ id }) => id === sessionId);
      if (!from) throw { kind: "not_found", message: "This session does not exist.", hints: [] } satisfies ErrorInfo;
      const summary = { ...from, id: `${from.id}-fork`, title: `${from.title} (fork)` };
      return { summary, cut: { last_kept: null, kept: 0, moved: 0 } };
    });
  }
  sessionRewind = (sessionId: string, cut: Cut) => this.#call("sessionRewind", [sessionId, cut], () => ({ last_kept: null, kept: 0, moved: 0 }));
  sessionExport = (sessionId: string, format: ExportFormat) => this.#call("sessionExport", [sessionId, format], () => `/home/lea/session.${format}`);
  rewindPlan = (sessionId: string, messageId: string) => this.#call("rewindPlan", [sessionId, messageId], () => rewindPlan);
  rewind = (sessionId: string, messageId: string, scope: RewindScope, overwrite: boolean) => this.#call("rewind", [sessionId, messageId, scope, overwrite], () => rewindPlan);
  rewindUnfinished = (sessionId: string) => this.#call("rewindUnfinished", [sessionId], () => this.rewindCut);
  rewindSettle = (sessionId: string, finish: boolean) => this.#call("rewindSettle", [sessionId, finish], () => rewindPlan);
  memoryView = (sessionId: string) => this.#call("memoryView", [sessionId], () => memoryView);
  memoryRead = (sessionId: string, path: string) => this.#call("memoryRead", [sessionId, path], () => memoryView.files.find((file) => file.path === path)?.text ?? "");
  memoryWrite = (sessionId: string, path: string, text: string) => this.#call("memoryWrite", [sessionId, path, text], () => undefined);
  usageReport = (sessionId: string | null) => this.#call("usageReport", [sessionId], () => usageReport());
  permissionAnswer = (requestId: string, answer: unknown) => this.#call("permissionAnswer", [requestId, answer], () => true);
  questionAnswer = (requestId: string, answer: string | null) => this.#call("questionAnswer", [requestId, answer], () => true);
  settingOrigins = () => this.#call("settingOrigins", [], () => this.origins);
  flags = () => this.#call("flags", [], () => this.switches);
  flagSet(name: string, on: boolean | null) {
    return this.#call("flagSet", [name, on], () => {
      const set = (flag: FlagView): FlagView => ({ ...flag, on: on ?? flag.default_on, layer: on === null ? "default" : "user" });
      this.switches = this.switches.map((flag) => (flag.name === name ? set(flag) : flag));
      return this.switches;
    });
  }
  audit = (query: AuditQuery) => this.#call("audit", [query], () => this.law.audit(query));
  auditCheck = () => this.#call("auditCheck", [], () => this.law.check());
  ruleUses = () => this.#call("ruleUses", [], () => this.law.uses);
  policyTest = (sessionId: string, what: string) => this.#call("policyTest", [sessionId, what], () => this.law.answer(what));
  trustView = (folder: string) => this.#call("trustView", [folder], () => this.law.view(folder));
  trustGive = (folder: string) => this.#call("trustGive", [folder], () => this.law.give(folder));
  trustRevoke = (folder: string) => this.#call("trustRevoke", [folder], () => this.law.revoke(folder));
  trustedFolders = () => this.#call("trustedFolders", [], () => this.law.trusted);
  settingsUpdate(wanted: Settings) {
    return this.#call("settingsUpdate", [wanted], () => {
      this.law.read(wanted.rules);
      this.state = { ...this.state, settings: wanted };
      return wanted;
    });
  }
  keySet = (provider: string, key: string) => this.#call("keySet", [provider, key], () => this.#withKey("keyring", provider));
  keySeal = (provider: string, key: string, passphrase: string) => this.#call("keySeal", [provider, key, passphrase], () => this.#withKey("file", provider));
  keysUnlock = (passphrase: string) => this.#call("keysUnlock", [passphrase], () => this.#withKey("file"));
  keyDelete = (provider: string) => this.#call("keyDelete", [provider], () => this.#withKey("none", provider));
  /** Without an id: what was locked is not any more. */
  #withKey(source: "keyring" | "file" | "none", id?: string): ProviderStatus[] {
    const status =
      source === "none"
        ? { ready: false, detail: "No key yet", fix: "Store a key below.", key_source: source }
        : { ready: true, detail: `Key from the ${source}`, fix: "", key_source: source };
    const isMeant = (provider: ProviderStatus) => (id ? provider.id === id : provider.key_source === "locked");
    const list = this.state.providers.map((provider) => (isMeant(provider) ? { ...provider, ...status } : provider));
    this.state = { ...this.state, providers: list };
    return list;
  }
  workspaceChoose = () => this.#call("workspaceChoose", [], () => this.folder);
  voicePress = () => this.#call("voicePress", [], () => undefined);
  voiceRelease = () => this.#call("voiceRelease", [], () => undefined);
  voiceCancel = () => this.#call("voiceCancel", [], () => undefined);
  voiceRetry = () => this.#call("voiceRetry", [], () => undefined);
  speechModels = () => this.#call("speechModels", [], () => this.models);
  speechModelInstall = (name: string) => this.#call("speechModelInstall", [name], () => undefined);
  speechModelInstallFile = () => this.#call("speechModelInstallFile", [], () => undefined);
}
