use protocol::{StopReason, TurnId, Usage};

use super::{fresh, store_with_session};
use crate::TurnStart;

#[tokio::test]
async fn tokens_are_summed_by_day_and_model_and_listed_by_turn() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    let day = 86_400_000;
    let turns = [
        ("a", "m1", 3 * day + 5, 10),
        ("b", "m1", 3 * day + 900, 20),
        ("c", "m2", 3 * day + 7, 1),
        ("d", "m1", 5 * day, 4),
    ];
    for (id, model, at_ms, tokens) in turns {
        let turn = TurnId::from(id);
        let start = TurnStart {
            session: session.clone(),
            turn: turn.clone(),
            provider: "p".into(),
            model: model.into(),
            at_ms,
        };
        store.turn_started(&start).await.unwrap();
        let usage = Usage {
            input_tokens: tokens,
            output_tokens: 1,
            ..Usage::default()
        };
        store
            .turn_finished(&turn, StopReason::Done, usage, at_ms + 1)
            .await
            .unwrap();
    }
    let days: Vec<(u64, String, u64, u64)> = store
        .usage_by_day()
        .await
        .unwrap()
        .into_iter()
        .map(|row| (row.day, row.model, row.turns, row.usage.input_tokens))
        .collect();
    assert_eq!(
        days,
        [
            (5, "m1".to_owned(), 1, 4),
            (3, "m1".to_owned(), 2, 30),
            (3, "m2".to_owned(), 1, 1)
        ]
    );
    let listed = store.usage_by_turn(&session).await.unwrap();
    let ids: Vec<&str> = listed.iter().map(|turn| turn.turn_id.as_str()).collect();
    assert_eq!(ids, ["a", "c", "b", "d"]);
    assert_eq!(listed[2].usage.input_tokens, 20);
}
