// The one door between the window and the shell. `tauri.ts` goes through it
// to Rust, `fake.ts` plays the shell for tests and for the browser.

import type {
  Answer,
  AppState,
  ErrorInfo,
  Origin,
  PermissionMode,
  ProviderStatus,
  SessionSummary,
  SessionView,
  Settings,
  ShellEvent,
  SpeechModel,
} from "./types";

export interface Backend {
  appState(): Promise<AppState>;
  subscribe(onEvents: (events: ShellEvent[]) => void): Promise<void>;
  sessionList(query: string): Promise<SessionSummary[]>;
  sessionStart(workspace: string | null): Promise<SessionSummary>;
  sessionOpen(sessionId: string): Promise<SessionView>;
  sessionSubmit(sessionId: string, text: string, origin: Origin): Promise<string>;
  sessionCancel(sessionId: string): Promise<void>;
  sessionSetMode(sessionId: string, mode: PermissionMode): Promise<void>;
  sessionRename(sessionId: string, title: string): Promise<void>;
  /** False when somebody else answered first. */
  permissionAnswer(requestId: string, answer: Answer): Promise<boolean>;
  questionAnswer(requestId: string, answer: string | null): Promise<boolean>;
  settingsUpdate(settings: Settings): Promise<Settings>;
  keySet(provider: string, key: string): Promise<ProviderStatus[]>;
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
