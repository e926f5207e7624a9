//! Search: what is found, how it is shown, and that nothing typed is an error.

use protocol::{Outcome, Place, SearchHit, ShelfQuery, ToolCall, ToolResult};
use serde_json::json;

use super::branches::Random;
use super::*;

fn query(words: &str) -> ShelfQuery {
    ShelfQuery {
        words: words.to_owned(),
        ..ShelfQuery::default()
    }
}

async fn found(store: &Store, query: &ShelfQuery) -> Vec<SearchHit> {
    store.search(query).await.unwrap().hits
}

fn shown(hit: &SearchHit) -> String {
    hit.snippet
        .iter()
        .map(|part| match part.hit {
            true => format!("[{}]", part.text),
            false => part.text.clone(),
        })
        .collect()
}

async fn store_with_talk() -> (Store, SessionId) {
    let store = Store::in_memory().await.unwrap();
    let session = summary("s1", "Größere Änderung am Parser", 10);
    store.create_session(&session).await.unwrap();
    let mut call = text("m2", "I look.", 2);
    call.role = Role::Assistant;
    call.blocks.push(Block::Thinking {
        text: "secretthought".into(),
        signature: None,
        source: None,
    });
    call.blocks.push(Block::ToolCall(ToolCall {
        id: "c1".into(),
        name: "bash".into(),
        input: json!({"command": "cargo tree\n--workspace", "options": [{"depth": 42}]}),
    }));
    let mut result = text("m3", "", 3);
    result.blocks = vec![Block::ToolResult(ToolResult::plain(
        "c1".into(),
        Outcome::Ok,
        format!("serde v1\n{}unreachable", "filler ".repeat(2000)),
    ))]
    .into();
    for message in [
        text(
            "m1",
            "Please \"look\" at snake_case_name in src/main.rs 🎉",
            1,
        ),
        call,
        result,
        text("m4", "日本語の検索も必要です", 4),
    ] {
        store.append_message(&session.id, &message).await.unwrap();
    }
    (store, session.id)
}

#[tokio::test]
async fn titles_requests_answers_calls_and_results_are_found_but_no_thoughts() {
    let (store, _) = store_with_talk().await;
    for (words, expected) in [
        ("look", vec!["m1", "m2"]),
        ("LOOK snake", vec!["m1"]),
        ("snake_case", vec!["m1"]),
        ("case_na", vec!["m1"]),
        ("src/main.rs", vec!["m1"]),
        ("\"at snake\"", vec!["m1"]),
        ("\"snake at\"", vec![]),
        ("🎉", vec!["m1"]),
        ("workspace", vec!["m2"]),
        ("42", vec!["m2"]),
        ("serde", vec!["m3"]),
        ("unreachable", vec![]),
        ("検索", vec!["m4"]),
        ("groß", vec![""]),
        ("anderung", vec![""]),
        ("secretthought", vec![]),
        ("arser", vec![]),
        ("", vec![]),
        ("  ", vec![]),
    ] {
        let mut ids: Vec<String> = found(&store, &query(words))
            .await
            .iter()
            .map(|hit| {
                let id = hit.message_id.as_ref();
                id.map_or_else(String::new, ToString::to_string)
            })
            .collect();
        ids.sort();
        assert_eq!(ids, expected, "{words}");
    }
}

#[tokio::test]
async fn only_the_last_word_may_be_a_beginning_unless_it_was_quoted() {
    let (store, _) = store_with_talk().await;
    for (words, count) in [
        ("plea", 1),
        ("look plea", 1),
        ("plea look", 0),
        ("\"plea\"", 0),
        ("look \"plea", 1),
    ] {
        assert_eq!(found(&store, &query(words)).await.len(), count, "{words}");
    }
}

#[tokio::test]
async fn snippets_mark_what_was_found_in_one_line() {
    let (store, _) = store_with_talk().await;
    for (words, expected) in [
        (
            "snake_case_name",
            "Please \"look\" at [snake_case_name] in src/main.rs 🎉",
        ),
        ("tree", "I look. bash cargo [tree] --workspace 42"),
        ("parser", "Größere Änderung am [Parser]"),
        ("検索", "日本語の[検索]も必要です"),
    ] {
        let hits = found(&store, &query(words)).await;
        assert_eq!(shown(&hits[0]), expected, "{words}");
    }
    let long = found(&store, &query("serde")).await;
    assert!(shown(&long[0]).starts_with("[serde] v1 filler"));
    assert!(shown(&long[0]).ends_with('…'));
}

#[tokio::test]
async fn control_characters_in_a_message_cannot_forge_marks() {
    let (store, session) = store_with_talk().await;
    store
        .append_message(&session, &text("m9", "a\u{1}forged\u{2}mark\u{0}end", 5))
        .await
        .unwrap();
    let hits = found(&store, &query("mark")).await;
    assert_eq!(shown(&hits[0]), "a forged [mark] end");
}

#[tokio::test]
async fn nothing_that_can_be_typed_is_an_error() {
    let (store, _) = store_with_talk().await;
    let pieces = [
        "\"", "'", "*", "AND", "OR", "NOT", "NEAR(", ")", "(", ":", "^", "-", "+", "{", "}", "\\",
        "\0", "\u{1}", "\u{2}", "look", "é", "e\u{301}", "日本", "🎉", " ", "\t", "\n", ";", "--",
        "%", "_", "text:", "\u{200b}", "\u{ffff}", "a\"b", "\u{301}", "ⅷ", "²", "٣",
    ];
    let mut random = Random(7);
    for _ in 0..1500 {
        let typed: String = (0..random.below(9))
            .map(|_| pieces[random.below(pieces.len())])
            .collect();
        store
            .search(&query(&typed))
            .await
            .unwrap_or_else(|error| panic!("{typed:?}: {error}"));
        store
            .shelf(&query(&typed))
            .await
            .unwrap_or_else(|error| panic!("{typed:?}: {error}"));
    }
    let long = "word ".repeat(100_000);
    assert!(found(&store, &query(&long)).await.is_empty());
}

#[tokio::test]
async fn a_search_can_be_held_to_a_folder_and_to_places_and_goes_in_pages() {
    let (_folder, path) = fresh();
    let store = Store::open(&path).await.unwrap();
    for number in 0..9 {
        let id = format!("s{number}");
        let mut session = summary(&id, "x", 1);
        session.workspace = format!("/w{}", number % 3);
        store.create_session(&session).await.unwrap();
        store
            .append_message(&session.id, &text(&format!("m{number}"), "needle", 2))
            .await
            .unwrap();
    }
    store.place(&"s0".into(), Place::Archived, 5).await.unwrap();
    store.place(&"s1".into(), Place::Trashed, 5).await.unwrap();
    let check = async |query: ShelfQuery, expected: &str| {
        let mut ids: Vec<String> = found(&store, &query)
            .await
            .iter()
            .map(|hit| hit.session_id.to_string())
            .collect();
        ids.sort();
        assert_eq!(ids.join(" "), expected, "{query:?}");
        let all = ShelfQuery {
            limit: 0,
            offset: 0,
            ..query.clone()
        };
        if query == all {
            assert_eq!(store.shelf(&all).await.unwrap().total, ids.len() as u64);
        }
    };
    let needle = query("needle");
    check(needle.clone(), "s2 s3 s4 s5 s6 s7 s8").await;
    let places = vec![Place::Archived, Place::Trashed, Place::Archived];
    check(
        ShelfQuery {
            places,
            ..needle.clone()
        },
        "s0 s1",
    )
    .await;
    let places = Place::ALL.to_vec();
    let workspace = Some("/w0".to_owned());
    check(
        ShelfQuery {
            places,
            workspace,
            ..needle.clone()
        },
        "s0 s3 s6",
    )
    .await;

    let mut seen = Vec::new();
    for offset in [0, 3, 6] {
        let page = ShelfQuery {
            limit: 3,
            offset,
            ..needle.clone()
        };
        let page = store.search(&page).await.unwrap();
        assert_eq!(page.more, offset < 6);
        seen.extend(page.hits.into_iter().map(|hit| hit.session_id));
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 7);
}

#[tokio::test]
async fn a_hit_on_an_abandoned_branch_says_so() {
    let (store, session) = store_with_talk().await;
    store.rewind(&session, Some(&"m1".into()), 1).await.unwrap();
    for (words, superseded) in [("snake", false), ("serde", true), ("parser", false)] {
        let hits = found(&store, &query(words)).await;
        assert_eq!(hits[0].superseded, superseded, "{words}");
        let in_a_message = hits[0].message_id.is_some();
        assert_eq!(hits[0].branch, in_a_message.then_some(0), "{words}");
    }
}

#[tokio::test]
async fn a_new_title_takes_the_place_of_the_old_one() {
    let (store, session) = store_with_talk().await;
    store.rename(&session, "Neuer Name").await.unwrap();
    assert!(found(&store, &query("parser")).await.is_empty());
    assert_eq!(found(&store, &query("neuer")).await.len(), 1);
    store.check().await.unwrap();
}
