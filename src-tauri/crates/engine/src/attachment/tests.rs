use protocol::{ErrorKind, MediaType};

use super::*;

/// The head of a PNG, which is all that is looked at.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut data = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    data.extend(width.to_be_bytes());
    data.extend(height.to_be_bytes());
    data.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
    data
}

fn jpeg() -> Vec<u8> {
    let frame = [0xff, 0xc0, 0, 17, 8, 0, 7, 0, 9, 3, 1, 0x22, 0];
    [[0xff, 0xd8].as_slice(), &frame, &[0; 16]].concat()
}

fn gif() -> Vec<u8> {
    b"GIF89a\x05\0\x04\0\x80\0\0".to_vec()
}

fn webp() -> Vec<u8> {
    let mut data = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
    data.extend([2, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    data
}

fn file(name: &str, data: impl Into<Vec<u8>>) -> Attachment {
    Attachment {
        name: name.into(),
        data: data.into(),
    }
}

async fn taken(name: &str, data: impl Into<Vec<u8>>) -> protocol::Attachment {
    match blocks(Vec::new(), vec![file(name, data)])
        .await
        .unwrap()
        .remove(0)
    {
        Block::Attachment(attachment) => attachment,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_file_is_what_its_content_says_whatever_its_name() {
    let check = async |data: Vec<u8>, media_type: MediaType, size: Option<(u32, u32)>| {
        let taken = taken("/home/ada/notes.txt", data.clone()).await;
        assert_eq!(taken.media_type, media_type);
        assert_eq!(taken.width.zip(taken.height), size, "{media_type:?}");
        assert_eq!(taken.name, "notes.txt");
        assert_eq!(STANDARD.decode(&taken.data).unwrap(), data);
    };
    check(png(640, 480), MediaType::Png, Some((640, 480))).await;
    check(jpeg(), MediaType::Jpeg, Some((9, 7))).await;
    check(gif(), MediaType::Gif, Some((5, 4))).await;
    check(webp(), MediaType::Webp, Some((3, 2))).await;
    check(b"\n%PDF-1.7\n...".to_vec(), MediaType::Pdf, None).await;
}

#[tokio::test]
async fn what_no_model_takes_is_refused_with_what_to_do() {
    let check = async |files: Vec<Attachment>, message: &str, hint: &str| {
        let error = blocks(Vec::new(), files).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Usage);
        assert!(error.message.contains(message), "{error}");
        assert!(error.hints[0].contains(hint), "{error}");
    };
    check(
        vec![file("a.png", "plain text")],
        "`a.png` is neither",
        "PNG, JPEG",
    )
    .await;
    check(vec![file("a.png", [])], "neither", "PNG, JPEG").await;
    check(
        vec![file("a.svg", "<svg/>")],
        "neither",
        "named in the request",
    )
    .await;
    check(
        vec![file("a.png", &png(1, 1)[..18])],
        "damaged",
        "Save it again",
    )
    .await;
    check(vec![file("a.png", png(0, 5))], "damaged", "Save it again").await;
    check(
        vec![file("a.png", png(8_001, 5))],
        "8001 × 5 pixels",
        "8000 pixels",
    )
    .await;
    let large = [png(5, 5), vec![0; 4_000_000]].concat();
    check(vec![file("a.png", large)], "4.0 MB", "3.9 MB").await;
    let document = [b"%PDF-1.7".to_vec(), vec![0; 10_000_000]].concat();
    let documents = vec![file("a.pdf", document.clone()), file("b.pdf", document)];
    check(documents, "20.0 MB together", "18.9 MB").await;
    let many = vec![file("a.png", png(1, 1)); 21];
    check(many, "21 files", "at most 20").await;
}

#[tokio::test]
async fn a_name_is_one_line_without_a_folder() {
    for (name, short) in [
        ("C:\\shots\\a.png", "a.png"),
        ("../../a\nb.png", "ab.png"),
        ("shots/", "file"),
        ("", "file"),
    ] {
        assert_eq!(taken(name, png(1, 1)).await.name, short, "{name:?}");
    }
}
