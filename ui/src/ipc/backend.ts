// The one door between the window and the shell. `tauri.ts` goes through it
// to Rust, `fake.ts` plays the shell for tests and for the browser.

import type {
  Answer,
  AppState,
  AuditCheck,
  AuditQuery,
  AuditRecord,
  Branch,
  CommandInfo,
  CommandReply,
  ContextReport,
  Cut,
  CutMade,
  ErrorInfo,
  ExportFormat,
  FlagView,
  Forked,
  GivenFiles,
  MemoryView,
  MessagePage,
  Origin,
  PermissionMode,
  Place,
  PolicyAnswer,
  ProviderStatus,
  Rewind,
  RewindScope,
  RuleUse,
  SearchPage,
  SessionPage,
  SessionSummary,
  SessionView,
  SettingOrigin,
  Settings,
  ShelfCounts,
  ShelfQuery,
  ShellEvent,
  SpeechModel,
  TrashSize,
  TrustedFolder,
  TrustView,
  UsageReport,
} from "./types";

export interface Backend {
  appState(): Promise<AppState>;
  subscribe(onEvents: (events: ShellEvent[]) => void): Promise<void>;
  /** One page of the sessions that fit, the newest first. */
  shelf(query: ShelfQuery): Promise<SessionPage>;
  shelfCounts(): Promise<ShelfCounts>;
  /** What was said and done, and titles; the best hits first. */
  search(query: ShelfQuery): Promise<SearchPage>;
  sessionStart(workspace: string | null): Promise<SessionSummary>;
  sessionOpen(sessionId: string): Promise<SessionView>;
  sessionSubmit(sessionId: string, text: string, origin: Origin, files?: GivenFiles): Promise<string>;
  /** Whether what is spoken next goes with files of the composer. */
  filesWaiting(waiting: boolean): Promise<void>;
  /** A picture in the clipboard, a PNG in base64, where the page's own paste
   * has none. */
  clipboardPicture(): Promise<string | null>;
  sessionCancel(sessionId: string): Promise<void>;
  sessionSetMode(sessionId: string, mode: PermissionMode): Promise<void>;
  sessionRename(sessionId: string, title: string): Promise<void>;
  commands(): Promise<CommandInfo[]>;
  /** Null when the text is no command but a message. */
  commandRun(sessionId: string, text: string): Promise<CommandReply | null>;
  contextReport(sessionId: string): Promise<ContextReport>;
  /** False when there was nothing to condense. */
  compact(sessionId: string, focus: string | null): Promise<boolean>;
  /** False when nothing was condensed. */
  compactUndo(sessionId: string): Promise<boolean>;
  historyOlder(sessionId: string, before: string): Promise<MessagePage>;
  historyNewer(sessionId: string, after: string): Promise<MessagePage>;
  historyAround(sessionId: string, messageId: string): Promise<MessagePage>;
  branches(sessionId: string): Promise<Branch[]>;
  branchChoose(sessionId: string, number: number): Promise<void>;
  /** Removes a session of the trash for good. */
  sessionDelete(sessionId: string): Promise<void>;
  trashSize(): Promise<TrashSize>;
  /** How many sessions were removed for good. */
  trashEmpty(): Promise<number>;
  sessionPlace(sessionId: string, place: Place): Promise<void>;
  sessionFork(sessionId: string, cut: Cut): Promise<Forked>;
  sessionRewind(sessionId: string, cut: Cut): Promise<CutMade>;
  /** Where it was saved; null when the person changed their mind. */
  sessionExport(sessionId: string, format: ExportFormat): Promise<string | null>;
  /** What putting the files back would do. */
  rewindPlan(sessionId: string, messageId: string): Promise<Rewind>;
  rewind(sessionId: string, messageId: string, scope: RewindScope, overwrite: boolean): Promise<Rewind>;
  /** True when a rewind was cut off. */
  rewindUnfinished(sessionId: string): Promise<boolean>;
  rewindSettle(sessionId: string, finish: boolean): Promise<Rewind>;
  memoryView(sessionId: string): Promise<MemoryView>;
  memoryRead(sessionId: string, path: string): Promise<string>;
  memoryWrite(sessionId: string, path: string, text: string): Promise<void>;
  usageReport(sessionId: string | null): Promise<UsageReport>;
  /** False when somebody else answered first. */
  permissionAnswer(requestId: string, answer: Answer): Promise<boolean>;
  questionAnswer(requestId: string, answer: string | null): Promise<boolean>;
  settingOrigins(): Promise<SettingOrigin[]>;
  flags(): Promise<FlagView[]>;
  /** With null the flag is left to whoever is asked after the user. */
  flagSet(name: string, on: boolean | null): Promise<FlagView[]>;
  /** What was asked for, decided and done, the newest first. */
  audit(query: AuditQuery): Promise<AuditRecord[]>;
  /** Whether the ledger is as it was written. */
  auditCheck(): Promise<AuditCheck>;
  /** How often each rule let a call through, and when last. */
  ruleUses(): Promise<RuleUse[]>;
  /** What the rules and the mode of a session say of a command, of
   * `Read(path)` or of `Edit(path)`; nothing is run. */
  policyTest(sessionId: string, what: string): Promise<PolicyAnswer>;
  /** What a folder brings along, and whether it is trusted. */
  trustView(folder: string): Promise<TrustView>;
  trustGive(folder: string): Promise<TrustView>;
  /** False when the folder was not trusted. */
  trustRevoke(folder: string): Promise<boolean>;
  trustedFolders(): Promise<TrustedFolder[]>;
  settingsUpdate(settings: Settings): Promise<Settings>;
  keySet(provider: string, key: string): Promise<ProviderStatus[]>;
  keySeal(provider: string, key: string, passphrase: string): Promise<ProviderStatus[]>;
  keysUnlock(passphrase: string): Promise<ProviderStatus[]>;
  keyDelete(provider: string): Promise<ProviderStatus[]>;
  workspaceChoose(): Promise<string | null>;
  voicePress(): Promise<void>;
  voiceRelease(): Promise<void>;
  voiceCancel(): Promise<void>;
  voiceRetry(): Promise<void>;
  speechModels(): Promise<SpeechModel[]>;
  speechModelInstall(name: string): Promise<void>;
  speechModelInstallFile(): Promise<void>;
}

/** Whatever a call rejected with, as the words a banner can show. */
export function errorInfo(reason: unknown): ErrorInfo {
  if (typeof reason === "object" && reason !== null && "message" in reason) {
    const { kind, message, hints } = reason as Partial<ErrorInfo>;
    return {
      kind: kind ?? "internal",
      message: String(message),
      hints: Array.isArray(hints) ? hints.map(String) : [],
    };
  }
  return { kind: "internal", message: String(reason), hints: [] };
}
