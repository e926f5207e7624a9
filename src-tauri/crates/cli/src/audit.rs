//! `fam audit`: the ledger of what was asked for, decided and done, and
//! whether it is as it was written.

use protocol::{AuditCheck, AuditQuery, AuditRecord, ErrorInfo, ErrorKind, visible_line};

use crate::args::{AuditArgs, AuditCommand};
use crate::config::{ended, json, open};
use crate::exit::{Exit, fail, print};

pub async fn audit(args: AuditArgs) -> Exit {
    match args.command {
        Some(AuditCommand::Verify { head, json }) => verify(head, json).await,
        None => ended(list(args.limit, args.json).await),
    }
}

async fn list(limit: u32, as_json: bool) -> Result<String, ErrorInfo> {
    let query = AuditQuery {
        limit,
        ..AuditQuery::default()
    };
    let engine = open().await?;
    let records = engine.audit(&query).await;
    engine.shutdown().await;
    let records = records?;
    if as_json {
        return json(&records);
    }
    Ok(records.iter().map(line).collect())
}

fn line(record: &AuditRecord) -> String {
    let entry = &record.entry;
    let subject = entry.subject.lines().next().unwrap_or_default();
    format!(
        "{} {}  {}: {}\n",
        record.number,
        engine::utc_date(entry.at_ms),
        visible_line(subject),
        visible_line(&entry.detail)
    )
}

/// Fails when the chain does not hold.
async fn verify(head: Option<String>, as_json: bool) -> Exit {
    let check = match check(head.as_deref()).await {
        Ok(check) => check,
        Err(error) => return fail(&error),
    };
    let words = match &check.broken {
        None if check.count == 0 => "The ledger is empty.\n".to_owned(),
        None => format!(
            "The chain of {} entries holds. It ends with {}.\n",
            check.count, check.head
        ),
        Some(broken) => format!(
            "The chain does not hold at entry {}: {}.\n",
            broken.number, broken.detail
        ),
    };
    let text = match as_json {
        true => json(&check),
        false => Ok(words),
    };
    match text {
        Ok(text) if check.broken.is_none() => print(&text),
        Ok(text) => {
            print(&text);
            Exit::Failed
        }
        Err(error) => fail(&error),
    }
}

async fn check(head: Option<&str>) -> Result<AuditCheck, ErrorInfo> {
    let engine = open().await?;
    let check = engine.check_audit(head).await;
    engine.shutdown().await;
    let check = check?;
    match (head, &check.broken) {
        (Some(head), None) if !check.has_head => Err(ErrorInfo::new(
            ErrorKind::NotFound,
            format!(
                "The chain holds, but `{}` is not in it.",
                visible_line(head)
            ),
            "The ledger was replaced as a whole since that hash was noted, or it belongs to another home.",
        )),
        _ => Ok(check),
    }
}
