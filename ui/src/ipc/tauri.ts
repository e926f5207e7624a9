// The shell behind the Backend: one `invoke` per call, one channel for all
// that happens. The only file that names Tauri.

import { Channel, invoke, isTauri } from "@tauri-apps/api/core";
import type { Backend } from "./backend";
import type { ShellEvent } from "./types";

export { isTauri };

export function tauriBackend(): Backend {
  return {
    appState: () => invoke("app_state"),
    subscribe: (onEvents) => {
      const channel = new Channel<ShellEvent[]>();
      channel.onmessage = onEvents;
      return invoke("subscribe", { channel });
    },
    shelf: (query) => invoke("shelf", { query }),
    shelfCounts: () => invoke("shelf_counts"),
    search: (query) => invoke("search", { query }),
    sessionStart: (workspace) => invoke("session_start", { workspace }),
    sessionOpen: (sessionId) => invoke("session_open", { sessionId }),
    sessionSubmit: (sessionId, text, origin, files) => invoke("session_submit", { sessionId, text, origin, files }),
    clipboardPicture: () => invoke("clipboard_picture"),
    filesWaiting: (waiting) => invoke("files_waiting", { waiting }),
    sessionCancel: (sessionId) => invoke("session_cancel", { sessionId }),
    sessionSetMode: (sessionId, mode) => invoke("session_set_mode", { sessionId, mode }),
    sessionRename: (sessionId, title) => invoke("session_rename", { sessionId, title }),
    commands: () => invoke("commands"),
    commandRun: (sessionId, text) => invoke("command_run", { sessionId, text }),
    contextReport: (sessionId) => invoke("context_report", { sessionId }),
    compact: (sessionId, focus) => invoke("compact", { sessionId, focus }),
    compactUndo: (sessionId) => invoke("compact_undo", { sessionId }),
    historyOlder: (sessionId, before) => invoke("history_older", { sessionId, before }),
    historyNewer: (sessionId, after) => invoke("history_newer", { sessionId, after }),
    historyAround: (sessionId, messageId) => invoke("history_around", { sessionId, messageId }),
    branches: (sessionId) => invoke("branches", { sessionId }),
    branchChoose: (sessionId, number) => invoke("branch_choose", { sessionId, number }),
    sessionDelete: (sessionId) => invoke("session_delete", { sessionId }),
    trashSize: () => invoke("trash_size"),
    trashEmpty: () => invoke("trash_empty"),
    sessionPlace: (sessionId, place) => invoke("session_place", { sessionId, place }),
    sessionFork: (sessionId, cut) => invoke("session_fork", { sessionId, cut }),
    sessionRewind: (sessionId, cut) => invoke("session_rewind", { sessionId, cut }),
    sessionExport: (sessionId, format) => invoke("session_export", { sessionId, format }),
    rewindPlan: (sessionId, messageId) => invoke("rewind_plan", { sessionId, messageId }),
    rewind: (sessionId, messageId, scope, overwrite) => invoke("rewind", { sessionId, messageId, scope, overwrite }),
    rewindUnfinished: (sessionId) => invoke("rewind_unfinished", { sessionId }),
    rewindSettle: (sessionId, finish) => invoke("rewind_settle", { sessionId, finish }),
    memoryView: (sessionId) => invoke("memory_view", { sessionId }),
    memoryRead: (sessionId, path) => invoke("memory_read", { sessionId, path }),
    memoryWrite: (sessionId, path, text) => invoke("memory_write", { sessionId, path, text }),
    usageReport: (sessionId) => invoke("usage_report", { sessionId }),
    permissionAnswer: (requestId, answer) => invoke("permission_answer", { requestId, answer }),
    questionAnswer: (requestId, answer) => invoke("question_answer", { requestId, answer }),
    settingOrigins: () => invoke("setting_origins"),
    flags: () => invoke("flags"),
    flagSet: (name, on) => invoke("flag_set", { name, on }),
    audit: (query) => invoke("audit", { query }),
    auditCheck: () => invoke("audit_check"),
    ruleUses: () => invoke("rule_uses"),
    policyTest: (sessionId, what) => invoke("policy_test", { sessionId, what }),
    trustView: (folder) => invoke("trust_view", { folder }),
    trustGive: (folder) => invoke("trust_give", { folder }),
    trustRevoke: (folder) => invoke("trust_revoke", { folder }),
    trustedFolders: () => invoke("trusted_folders"),
    settingsUpdate: (settings) => invoke("settings_update", { settings }),
    keySet: (provider, key) => invoke("key_set", { provider, key }),
    keySeal: (provider, key, passphrase) => invoke("key_seal", { provider, key, passphrase }),
    keysUnlock: (passphrase) => invoke("keys_unlock", { passphrase }),
    keyDelete: (provider) => invoke("key_delete", { provider }),
    workspaceChoose: () => invoke("workspace_choose"),
    voicePress: () => invoke("voice_press"),
    voiceRelease: () => invoke("voice_release"),
    voiceCancel: () => invoke("voice_cancel"),
    voiceRetry: () => invoke("voice_retry"),
    speechModels: () => invoke("speech_models"),
    speechModelInstall: (name) => invoke("speech_model_install", { name }),
    speechModelInstallFile: () => invoke("speech_model_install_file"),
  };
}
