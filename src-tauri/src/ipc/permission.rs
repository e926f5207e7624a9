//! Commands on rules, trusted folders and the audit ledger.

use std::path::Path;

use engine::{PolicyAnswer, TrustView};
use protocol::{AuditCheck, AuditQuery, AuditRecord, ErrorInfo, RuleUse, SessionId, TrustedFolder};
use tauri::State;

use crate::Shell;

#[tauri::command]
pub async fn audit(
    shell: State<'_, Shell>,
    query: AuditQuery,
) -> Result<Vec<AuditRecord>, ErrorInfo> {
    shell.engine.audit(&query).await
}

#[tauri::command]
pub async fn audit_check(shell: State<'_, Shell>) -> Result<AuditCheck, ErrorInfo> {
    shell.engine.check_audit(None).await
}

#[tauri::command]
pub async fn rule_uses(shell: State<'_, Shell>) -> Result<Vec<RuleUse>, ErrorInfo> {
    shell.engine.rule_uses().await
}

/// What the rules and the mode of a session would say of a call.
#[tauri::command]
pub async fn policy_test(
    shell: State<'_, Shell>,
    session_id: SessionId,
    what: String,
) -> Result<PolicyAnswer, ErrorInfo> {
    shell.engine.policy_test(&session_id, &what).await
}

#[tauri::command]
pub async fn trust_view(shell: State<'_, Shell>, folder: String) -> Result<TrustView, ErrorInfo> {
    shell.engine.trust_view(Path::new(&folder)).await
}

#[tauri::command]
pub async fn trust_give(shell: State<'_, Shell>, folder: String) -> Result<TrustView, ErrorInfo> {
    shell.engine.trust_folder(Path::new(&folder)).await
}

/// False when the folder was not trusted.
#[tauri::command]
pub async fn trust_revoke(shell: State<'_, Shell>, folder: String) -> Result<bool, ErrorInfo> {
    shell.engine.revoke_trust(&folder).await
}

#[tauri::command]
pub async fn trusted_folders(shell: State<'_, Shell>) -> Result<Vec<TrustedFolder>, ErrorInfo> {
    shell.engine.trusted_folders().await
}
