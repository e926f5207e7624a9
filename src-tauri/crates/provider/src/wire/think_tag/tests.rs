use super::{Piece, ThinkTag};

/// Reasoning and text of a whole answer that comes in these chunks.
fn split(chunks: &[&str]) -> (String, String) {
    let mut tag = ThinkTag::default();
    let (mut thought, mut text) = (String::new(), String::new());
    let pieces: Vec<_> = chunks.iter().flat_map(|chunk| tag.push(chunk)).collect();
    for piece in pieces.into_iter().chain(tag.end()) {
        match piece {
            Piece::Thinking(more) => thought.push_str(&more),
            Piece::Text(more) => text.push_str(&more),
        }
    }
    (thought, text)
}

#[test]
fn reasoning_at_the_start_is_told_from_the_answer() {
    let check = |whole: &str, thought: &str, text: &str| {
        let expected = (thought.to_owned(), text.to_owned());
        assert_eq!(split(&[whole]), expected, "{whole}");
        let ends = whole.char_indices().map(|(at, _)| at);
        for at in ends {
            assert_eq!(
                split(&[&whole[..at], &whole[at..]]),
                expected,
                "{whole} at {at}"
            );
        }
    };
    check("<think>Hm, größer?</think>Yes.", "Hm, größer?", "Yes.");
    check(
        "\n<think>\nHm <b> </thin </think>Yes </think>.",
        "\nHm <b> </thin ",
        "Yes </think>.",
    );
    check("Yes, <think> is a tag.", "", "Yes, <think> is a tag.");
    check("<thinking>no</thinking>", "", "<thinking>no</thinking>");
    check("<think>never closed", "never closed", "");
    check("<thi", "", "<thi");
    check("  ", "", "  ");
    check("", "", "");
}
