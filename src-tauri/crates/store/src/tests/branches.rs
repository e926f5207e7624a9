//! Going back without losing anything, and reading long histories in pages.

use super::*;
use crate::{PageAt, StoreError};

/// Appends user messages of these ids; each says its own id.
async fn say(store: &Store, session: &SessionId, ids: &str) {
    for id in ids.split_whitespace() {
        store
            .append_message(session, &text(id, id, 5))
            .await
            .unwrap();
    }
}

async fn history(store: &Store, session: &SessionId) -> String {
    let messages = store.messages(session).await.unwrap();
    let count = store.session(session).await.unwrap().unwrap().message_count;
    assert_eq!(count, messages.len() as u64);
    joined(&messages)
}

fn joined(messages: &[Message]) -> String {
    let ids: Vec<&str> = messages.iter().map(|one| one.id.as_str()).collect();
    ids.join(" ")
}

#[tokio::test]
async fn going_back_hides_the_tail_and_choosing_its_branch_shows_it_again() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    say(&store, &session, "a b c d").await;
    let second = store.rewind(&session, Some(&"b".into()), 7).await.unwrap();
    assert_eq!(history(&store, &session).await, "a b");
    say(&store, &session, "e f").await;
    let third = store.rewind(&session, Some(&"e".into()), 8).await.unwrap();
    say(&store, &session, "g").await;
    assert_eq!(history(&store, &session).await, "a b e g");

    store.close().await;
    let store = Store::open(&path).await.unwrap();
    for (branch, expected) in [(0, "a b c d"), (second, "a b e f"), (third, "a b e g")] {
        store.choose_branch(&session, branch).await.unwrap();
        assert_eq!(history(&store, &session).await, expected, "{branch}");
    }
    store.choose_branch(&session, 0).await.unwrap();
    say(&store, &session, "h").await;
    assert_eq!(history(&store, &session).await, "a b c d h");
    let branches = store.branches(&session).await.unwrap();
    let shown: Vec<_> = branches
        .iter()
        .map(|one| {
            let after = one.after.as_ref().map_or("-", MessageId::as_str);
            format!(
                "{} {:?} {after} {} {} {}",
                one.number, one.parent, one.begins_with, one.message_count, one.current
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "0 None - a 5 true",
            "1 Some(0) b e 2 false",
            "2 Some(1) e g 1 false"
        ]
    );
}

#[tokio::test]
async fn going_back_to_the_start_or_to_the_end_works_and_leaves_no_empty_branch() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    assert_eq!(store.rewind(&session, None, 1).await.unwrap(), 0);
    say(&store, &session, "a b").await;
    assert_eq!(
        store.rewind(&session, Some(&"b".into()), 1).await.unwrap(),
        0
    );
    store.rewind(&session, None, 1).await.unwrap();
    assert_eq!(history(&store, &session).await, "");
    store.choose_branch(&session, 0).await.unwrap();
    assert_eq!(history(&store, &session).await, "a b");
    assert_eq!(store.branches(&session).await.unwrap().len(), 1);

    // Back to the start twice: the second branch has no row before it.
    store.rewind(&session, None, 1).await.unwrap();
    say(&store, &session, "c").await;
    store.rewind(&session, None, 1).await.unwrap();
    say(&store, &session, "d").await;
    assert_eq!(history(&store, &session).await, "d");
    assert_eq!(store.branches(&session).await.unwrap().len(), 3);
}

#[tokio::test]
async fn what_is_not_in_the_history_is_refused_by_name() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    say(&store, &session, "a b c").await;
    store.rewind(&session, Some(&"a".into()), 1).await.unwrap();
    for message in ["c", "none"] {
        let refused = store.rewind(&session, Some(&message.into()), 1).await;
        assert!(
            matches!(&refused, Err(StoreError::UnknownMessage { message: named, .. }) if named.as_str() == message),
            "{refused:?}"
        );
        let refused = store
            .message_page(&session, PageAt::Around(message.into()), 5)
            .await;
        assert!(matches!(refused, Err(StoreError::UnknownMessage { .. })));
    }
    let refused = store.choose_branch(&session, 9).await;
    assert!(matches!(
        refused,
        Err(StoreError::UnknownBranch { number: 9, .. })
    ));
    let refused = store.rewind(&"none".into(), None, 1).await;
    assert!(matches!(refused, Err(StoreError::UnknownSession { .. })));
}

/// A walk over branches beside a plain model: lists of ids.
struct Walk {
    store: Store,
    session: SessionId,
    random: Random,
    lines: Vec<(u64, Vec<String>)>,
    current: usize,
}

impl Walk {
    async fn new(seed: u64) -> Self {
        let store = Store::in_memory().await.unwrap();
        let session = summary("s1", "x", 1);
        store.create_session(&session).await.unwrap();
        Self {
            store,
            session: session.id,
            random: Random(seed),
            lines: vec![(0, Vec::new())],
            current: 0,
        }
    }

    async fn step(&mut self, number: usize) {
        match self.random.below(4) {
            0 => self.go_back().await,
            1 => {
                self.current = self.random.below(self.lines.len());
                let branch = self.lines[self.current].0;
                self.store
                    .choose_branch(&self.session, branch)
                    .await
                    .unwrap();
            }
            _ => {
                let id = format!("m{number}");
                say(&self.store, &self.session, &id).await;
                self.lines[self.current].1.push(id);
            }
        }
    }

    async fn go_back(&mut self) {
        let (branch, line) = &self.lines[self.current];
        let kept = line[..self.random.below(line.len() + 1)].to_vec();
        let last = kept.last().map(|id| MessageId::from(id.as_str()));
        let number = self
            .store
            .rewind(&self.session, last.as_ref(), 1)
            .await
            .unwrap();
        if number != *branch {
            self.lines.push((number, kept));
            self.current = self.lines.len() - 1;
        }
    }
}

#[tokio::test]
async fn any_walk_over_branches_shows_what_a_plain_list_would() {
    for seed in 1..13 {
        let mut walk = Walk::new(seed).await;
        for number in 0..60 {
            walk.step(number).await;
            assert_eq!(
                history(&walk.store, &walk.session).await,
                walk.lines[walk.current].1.join(" "),
                "seed {seed}, step {number}"
            );
        }
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_overlap_across_branches() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    say(&store, &session, "a b c d e").await;
    store.rewind(&session, Some(&"c".into()), 1).await.unwrap();
    say(&store, &session, "f g h i").await;
    for (at, limit, expected, older, newer) in [
        (PageAt::Latest, 3, "g h i", 4, 0),
        (PageAt::Latest, 100, "a b c f g h i", 0, 0),
        (PageAt::Before("g".into()), 3, "b c f", 1, 3),
        (PageAt::Before("a".into()), 3, "", 0, 7),
        (PageAt::After("b".into()), 3, "c f g", 2, 2),
        (PageAt::After("i".into()), 3, "", 7, 0),
        (PageAt::Around("f".into()), 4, "b c f g", 1, 2),
        (PageAt::Around("f".into()), 1, "f", 3, 3),
    ] {
        let page = store
            .message_page(&session, at.clone(), limit)
            .await
            .unwrap();
        assert_eq!(joined(&page.messages), expected, "{at:?} {limit}");
        assert_eq!((page.older, page.newer), (older, newer), "{at:?} {limit}");
    }
}

/// Numbers that look random and are the same on every run.
pub(super) struct Random(pub(super) u64);

impl Random {
    /// The splitmix64 step.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }
}
