// The window's whole state: which page, which session, and where each event
// of the shell goes.

import { getContext, setContext } from "svelte";
import type { Backend } from "../ipc/backend";
import type { AppState, CommandInfo, Event, InstallProgress, Origin, Page as Shown, PermissionMode, ShellEvent, SpeechModel } from "../ipc/types";
import { Banners } from "./banners.svelte";
import { Conversation, type Goal } from "./conversation.svelte";
import { type FileDraft, again } from "./files";
import type { UserItem } from "./items.svelte";
import { order } from "./order";
import { Origins } from "./origins.svelte";
import { Outbox } from "./outbox.svelte";
import { Preferences } from "./preferences.svelte";
import { Search } from "./search.svelte";
import { Sessions } from "./sessions.svelte";
import { Trust, type Wanted } from "./trust.svelte";
import { Voice } from "./voice.svelte";

export type Page = "conversation" | "settings";

/** Conversations kept warm behind the one on screen. */
const OPEN_LIMIT = 8;

export class Familiar {
  readonly banners = new Banners();
  readonly sessions: Sessions;
  readonly search: Search;
  readonly voice: Voice;
  readonly preferences: Preferences;
  readonly origins: Origins;
  readonly trust: Trust;
  app = $state.raw<AppState | null>(null);
  page = $state<Page>("conversation");
  section = $state("");
  current = $state.raw<Conversation | null>(null);
  /** What is written before there is a session. */
  readonly #blank = new Outbox();
  startDismissed = $state(false);
  commands = $state.raw<CommandInfo[]>([]);
  /** What a command asked to show above the conversation. */
  dialog = $state<Shown | null>(null);
  speechModels = $state.raw<SpeechModel[]>([]);
  installs = $state.raw<Record<string, InstallProgress>>({});
  /** Words the shell heard and left to the composer. */
  heard = $state.raw<{ text: string } | null>(null);
  readonly #open = new Map<string, Conversation>();
  /** Notices already shown; one comes back only after it was gone. */
  #noticed = new Set<string>();

  constructor(readonly backend: Backend) {
    this.sessions = new Sessions(backend, this.banners);
    this.search = new Search(backend, this.sessions);
    this.voice = new Voice(backend, this.banners);
    this.preferences = new Preferences(backend, this.banners);
    this.origins = new Origins(backend, this.banners);
    this.trust = new Trust(backend, this.banners);
  }

  get workspace(): string | null {
    return this.current?.workspace || this.app?.workspace || null;
  }

  get mode(): PermissionMode {
    return this.current?.mode ?? this.preferences.value?.permission_mode ?? "ask";
  }

  get firstStart(): boolean {
    return this.app?.first_start === true && !this.startDismissed && (this.current?.empty ?? true);
  }

  get outbox(): Outbox {
    return this.current?.outbox ?? this.#blank;
  }

  get draft(): string {
    return this.outbox.text;
  }

  set draft(text: string) {
    this.outbox.text = text;
  }

  async start(): Promise<void> {
    await this.banners.guard(this.backend.subscribe((events) => events.forEach((event) => this.apply(event))));
    const [app, commands] = await Promise.all([
      this.banners.guard(this.backend.appState()),
      this.banners.guard(this.backend.commands()),
      this.sessions.load(),
      this.origins.load(),
    ]);
    if (app) this.#setApp(app);
    if (commands) this.commands = commands;
    const [latest] = this.sessions.all;
    if (latest && !this.current) await this.open(latest.id);
  }

  apply(shell: ShellEvent): void {
    switch (shell.from) {
      case "agent":
        this.#applyAgent(shell.event);
        break;
      case "voice":
        this.voice.apply(shell.event);
        if (shell.event.type === "transcript" && this.preferences.value?.voice_send === "hold") {
          this.heard = { text: shell.event.text };
        }
        break;
      case "settings":
        this.preferences.set(shell.settings);
        void this.#follow();
        break;
      case "state":
        this.#setApp(shell.state);
        break;
      case "install":
        this.installs = { ...this.installs, [shell.progress.name]: shell.progress };
        if (shell.progress.done) void this.loadSpeechModels();
        break;
      case "focus_session":
        void this.open(shell.session_id);
        break;
      case "heard":
        void this.say(shell.text, this.outbox.takeFiles(), "spoken");
        break;
      case "draft":
        // What was said could not be sent; it waits for another try.
        this.draft = [this.draft, shell.text].filter(Boolean).join("\n\n");
        this.banners.show(shell.error);
        break;
      case "lagged":
        void this.#readAnew();
        break;
    }
  }

  #applyAgent(event: Event): void {
    this.#open.get(event.session_id)?.apply(event);
    if (event.type !== "session_updated") return;
    this.sessions.update(event.summary);
    // Spoken while no session was on screen: show what came of it.
    if (!this.current && this.sessions.loaded) void this.open(event.session_id);
  }

  /** Events were lost: nothing on screen can be trusted to be current. */
  async #readAnew(): Promise<void> {
    for (const conversation of this.#open.values()) conversation.stale = true;
    const [app] = await Promise.all([this.banners.guard(this.backend.appState()), this.sessions.load(), this.current?.open()]);
    if (app) this.#setApp(app);
  }

  /** Settings decide more than they say: where they come from, and what is
   * worked on under cover. */
  async #follow(): Promise<void> {
    await this.origins.load();
    await this.current?.readCover();
  }

  #setApp(app: AppState): void {
    this.app = app;
    this.preferences.set(app.settings);
    for (const notice of app.notices) {
      if (!this.#noticed.has(notice.message)) this.banners.show(notice);
    }
    this.#noticed = new Set(app.notices.map(({ message }) => message));
  }

  async open(id: string, goal?: Goal): Promise<void> {
    this.page = "conversation";
    if (this.current?.id === id && !goal) return;
    let conversation = this.#open.get(id);
    if (!conversation) {
      conversation = new Conversation(id, this.backend, this.banners);
      this.#open.set(id, conversation);
    }
    this.current = conversation;
    this.#prune();
    // Opened again even when warm: the shell sends speech to the session
    // that was opened last.
    await conversation.open(goal);
  }

  /** What is open of this session is no longer how it is. */
  outdate(id: string): void {
    const open = this.#open.get(id);
    if (open) open.stale = true;
  }

  #prune(): void {
    for (const [id, old] of this.#open) {
      if (this.#open.size <= OPEN_LIMIT) return;
      const idle = !old.running && old.outbox.empty;
      if (idle && old !== this.current) this.#open.delete(id);
    }
  }

  async startSession(): Promise<Conversation | null> {
    this.page = "conversation";
    if (this.current?.empty && !this.current.loading && !this.current.failure) return this.current;
    const summary = await this.banners.guard(this.backend.sessionStart(null));
    if (!summary) return null;
    this.sessions.update(summary);
    await this.open(summary.id);
    return this.current;
  }

  async say(text: string, files: readonly FileDraft[] = [], origin: Origin = "typed"): Promise<void> {
    const conversation = this.current ?? (await this.startSession());
    if (!conversation) {
      this.#blank.putBack({ text, files });
      return;
    }
    this.startDismissed = true;
    if (origin === "typed" && text.startsWith("/") && (await order(this, conversation, text))) {
      // An order takes no files; they wait for what is said next.
      this.outbox.putBack({ text: "", files });
      return;
    }
    await conversation.say(text, files, origin);
  }

  /** A new session with what came before one of the person's messages, which
   * waits in its composer. */
  async forkFrom(id: string, item: UserItem): Promise<void> {
    const forked = await this.banners.guard(this.backend.sessionFork(id, { side: "before", message_id: item.messageId }));
    if (!forked) return;
    this.sessions.update(forked.summary);
    await this.open(forked.summary.id);
    // The message is none of the new session: its files go anew.
    this.current?.outbox.fill(item.text, again(item.attachments, null));
  }

  /** The session went away: it is no longer on screen. */
  forget(id: string): void {
    if (this.current?.id === id) this.current = null;
  }

  async setMode(mode: PermissionMode): Promise<void> {
    if (!this.current) return this.preferences.change({ permission_mode: mode });
    const info = await this.current.setMode(mode);
    if (info?.kind === "not_trusted") this.askForTrust({ info, again: () => void this.setMode(mode) });
    else if (info) this.banners.show(info);
  }

  /** Something was refused because the folder is not trusted. */
  askForTrust(wanted: Wanted): void {
    this.trust.wanted = wanted;
    this.dialog = "trust";
  }

  async chooseWorkspace(): Promise<void> {
    const path = await this.banners.guard(this.backend.workspaceChoose());
    if (!path || !this.app) return;
    this.app = { ...this.app, workspace: path };
    if (this.current && this.current.workspace !== path) {
      this.current = null;
      await this.startSession();
    }
  }

  async loadSpeechModels(): Promise<void> {
    const models = await this.banners.guard(this.backend.speechModels());
    if (models) this.speechModels = models;
  }

  async installSpeechModel(name: string): Promise<void> {
    this.installs = { ...this.installs, [name]: { name, received: 0, total: 0, done: false, error: null } };
    const done = await this.banners.guard(this.backend.speechModelInstall(name).then(() => true));
    if (!done) {
      this.installs = Object.fromEntries(Object.entries(this.installs).filter(([key]) => key !== name));
    }
  }

  showSettings(section = ""): void {
    this.section = section;
    this.page = "settings";
  }
}

const key = Symbol("familiar");

export function provideFamiliar(familiar: Familiar): void {
  setContext(key, familiar);
}

export function useFamiliar(): Familiar {
  return getContext<Familiar>(key);
}
