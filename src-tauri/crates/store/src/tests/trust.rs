//! Trusted folders and the uses of rules.

use protocol::{RuleUse, TrustedFolder};

use super::*;

#[tokio::test]
async fn trust_is_kept_replaced_and_taken_back() {
    let (_folder, path) = fresh();
    let store = Store::open(&path).await.unwrap();
    let folder = |path: &str, inode| TrustedFolder {
        path: path.into(),
        device: u64::MAX,
        inode,
        at_ms: 7,
    };
    for folder in [folder("/b", 1), folder("/a", 2), folder("/b", 3)] {
        store.trust(&folder).await.unwrap();
    }
    store.close().await;
    let store = Store::open(&path).await.unwrap();
    assert_eq!(
        store.trusted().await.unwrap(),
        [folder("/a", 2), folder("/b", 3)]
    );
    assert!(store.revoke_trust("/a").await.unwrap());
    assert!(!store.revoke_trust("/a").await.unwrap());
    assert_eq!(store.trusted().await.unwrap(), [folder("/b", 3)]);
}

#[tokio::test]
async fn uses_of_a_rule_add_up() {
    let (_folder, path) = fresh();
    let store = Store::open(&path).await.unwrap();
    let used = |rule: &str, count, used_ms| RuleUse {
        rule: rule.into(),
        count,
        used_ms,
    };
    let first = vec![used("Bash(ls)", 2, 10), used("todo", 1, 5)];
    store.add_rule_uses(first).await.unwrap();
    store
        .add_rule_uses(vec![used("Bash(ls)", 1, 8)])
        .await
        .unwrap();
    assert_eq!(
        store.rule_uses().await.unwrap(),
        [used("Bash(ls)", 3, 10), used("todo", 1, 5)]
    );
}
