#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::time::{Duration, Instant};

use super::*;

/// A page of one MiB may take so long, on a slow machine and without
/// optimisation; what grows with the square takes minutes.
const LONG: Duration = Duration::from_secs(20);

fn markdown(html: &str) -> String {
    to_markdown(html, &Url::parse("https://docs.rs/a/b?c").unwrap()).text
}

fn check(html: &str, expected: &str) {
    assert_eq!(markdown(html), expected, "{html}");
}

#[test]
fn text_stands_in_lines_and_paragraphs() {
    check("plain   text\n here", "plain text here");
    check("<p>one<p>two", "one\n\ntwo");
    check(
        "<h1>A</h1>text<h2>B <small>c</small></h2>",
        "# A\n\ntext\n\n## B c",
    );
    check("<div>a<div>b</div></div>c", "a\nb\nc");
    check("a<br>b<br><br>c", "a\nb\n\nc");
    check("a<hr>b", "a\n\n---\n\nb");
    check(
        "<p>a <b>bold</b> and <i> x </i>!</p>",
        "a **bold** and *x* !",
    );
    check("<b></b><i> </i>x", "x");
    check("use <code>a_b</code>, <kbd>Ctrl</kbd>", "use `a_b`, `Ctrl`");
    check("5 &lt; 6 &amp;&amp; x&nbsp;y", "5 < 6 && x\u{a0}y");
    check("<blockquote><p>a<p>b</blockquote>c", "> a\n>\n> b\n\nc");
    check(
        "a<blockquote>b<blockquote>c</blockquote></blockquote>",
        "a\n\n> b\n>\n> > c",
    );
    check("<h2></h2><p></p><ul><li></ul>x", "x");
}

#[test]
fn lists_are_lists() {
    check("<ul><li>a<li>b</ul>c", "- a\n- b\n\nc");
    check("<ol start=3><li>a</li><li>b</li></ol>", "3. a\n4. b");
    check(
        "x<ul><li>a<ul><li>b<li>c</ul><li>d</ul>",
        "x\n\n- a\n  - b\n  - c\n- d",
    );
    check(
        "<ul><li><p>a</p><p>b</p></li><li><p>c</p></ul>",
        "- a\n\n  b\n\n- c",
    );
    check("<dl><dt>a<dd>b<dd>c<dt>d<dd>e</dl>", "a\n: b\n: c\nd\n: e");
    check("<li>alone", "- alone");
    check("<ul><li><pre>a\nb</pre></ul>", "- ```\n  a\n  b\n  ```");
}

#[test]
fn code_stands_as_it_is() {
    check(
        "<pre><code class='language-rust x'>\nfn a() {\n    b();\n}\n</code></pre>",
        "```rust\nfn a() {\n    b();\n}\n```",
    );
    check(
        "<pre>a <b>b</b><br>  c &lt;d&gt;</pre>x",
        "```\na b\n  c <d>\n```\n\nx",
    );
    check("<pre>```\nx</pre>", "````\n```\nx\n````");
    check("<pre class='lang-c++'>x</pre>", "```c++\nx\n```");
    check("<pre class='language-<b>'>x</pre>", "```\nx\n```");
    check(
        "<pre><ul><li>a</li></ul>\n<a href=/x>b</a></pre>c",
        "```\na\nb\n```\n\nc",
    );
    check("<pre> \n </pre>x", "x");
}

#[test]
fn tables_of_data_are_tables_and_others_are_lines() {
    check(
        "<table><thead><tr><th>A<th>B</thead><tr><td>1|2<td><p>x<p>y</table>z",
        "A | B\n--- | ---\n1\\|2 | x y\n\nz",
    );
    check(
        "<table><tr><th>A</th><th>B</th></tr><tr><td></td><td>1</td></tr></table>",
        "A | B\n--- | ---\n | 1",
    );
    check("<table><tr><td>a<td>b<tr><td>c</table>", "a | b\nc");
    check(
        "<table><tr><td><table><tr><td>a</td></tr><tr><td>b</td></tr></table></td></tr></table>",
        "a\nb",
    );
}

#[test]
fn links_are_absolute_or_only_words() {
    check("<a href='x?y#z'>a</a>", "[a](https://docs.rs/a/x?y#z)");
    check(
        "<a href='//e.io/é'>a <b>b</b></a>.",
        "[a **b**](https://e.io/%C3%A9).",
    );
    check("<a href='/a_(b)'>a</a>", "[a](https://docs.rs/a_%28b%29)");
    check(
        "<a href='/x'><div>a</div><h3>b</h3></a>",
        "[a b](https://docs.rs/x)",
    );
    check(
        "<base href='/sub/'><base href='/no/'><a href=x>a</a>",
        "[a](https://docs.rs/sub/x)",
    );
    check("<a href='/x'><a href='/y'>b</a>", "[b](https://docs.rs/y)");
    check("<a href='/x'></a>y<a href='/x'><img src=a></a>", "y");
    for unfit in [
        "#x",
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@b.c",
        "",
        "http://u:p@x.io/",
    ] {
        check(&format!("<a href='{unfit}'>a</a>"), "a");
    }
    check(&format!("<a href='/{}'>a</a>", "x".repeat(2000)), "a");
    check(
        "<img src=/i.png alt='A cat'>",
        "![A cat](https://docs.rs/i.png)",
    );
    check("<img src=/i.png><img alt=x>", "x");
    check("<img alt=y src='data:image/png;base64,AA'>", "y");
}

#[test]
fn what_is_not_seen_is_left_out() {
    for hidden in [
        "<script>if (a < b) { '</p>' }</script>",
        "<style>p { color: red }</style>",
        "<template><p>x</p></template>",
        "<noscript><p>x</p></noscript>",
        "<svg><title>x</title><path d=''/></svg>",
        "<p hidden>x</p>",
        "<p style='color: red; DISPLAY : none'>x</p>",
        "<span style='visibility:hidden'>x</span>",
        "<span style='font-size:0'>x</span>",
        "<span aria-hidden=true>x</span>",
        "<span class='a sr-only'>x</span>",
        "<div hidden><p>x<div>y</div></p><ul><li>z</ul></div>",
        "<dialog>x</dialog>",
        "<select><option>x</select>",
        "<textarea>x</textarea>",
        "<iframe src=/x>x</iframe>",
        "<!-- x -->",
        "<a class=headerlink href='#x'>¶</a>",
        "<img alt=x hidden>",
        "<nav>x</nav><footer>x</footer>",
        "<div role=navigation>x</div>",
    ] {
        let page = format!("<p>seen</p>{hidden}<p>too</p>{}", "<p>text</p>".repeat(60));
        let text = markdown(&page);
        assert!(text.starts_with("seen\n\ntoo\n\ntext"), "{hidden}: {text}");
    }
    check("a<script>never closed", "a");
    check("a<div hidden>never closed", "a");
}

#[test]
fn the_content_is_what_the_page_says_it_is() {
    let long = "<p>words words words words words</p>".repeat(20);
    let page = format!("<header>head</header><nav>menu</nav><main>{long}</main><aside>ad</aside>");
    let text = markdown(&page);
    assert!(
        text.starts_with("words") && text.ends_with("words"),
        "{text}"
    );
    let page = format!("<div>head</div><article>{long}</article><div>foot</div>");
    assert!(markdown(&page).starts_with("words"));
    // Two of them are a list, and a short one is no content.
    let page = format!("<div>head</div><article>{long}</article><article>{long}</article>");
    assert!(markdown(&page).starts_with("head"));
    let page = format!("<div>{long}</div><main>short</main>");
    assert!(markdown(&page).ends_with("short"));
    // A page of nothing but a menu is a menu.
    assert_eq!(
        markdown("<nav><a href=/x>x</a></nav>"),
        "[x](https://docs.rs/x)"
    );
}

#[test]
fn the_title_is_found() {
    let base = Url::parse("https://docs.rs/").unwrap();
    let read = to_markdown("<head><title> A &amp; B </title></head>x", &base);
    assert_eq!(read.title.as_deref(), Some(" A & B "));
    assert_eq!(to_markdown("<title> </title>", &base).title, None);
    assert_eq!(
        to_markdown("<svg><title>x</title></svg>", &base).title,
        None
    );
}

/// Pages that make readers slow, deep or large.
fn tangled() -> Vec<(&'static str, String)> {
    let attributes: String = (0..100_000).map(|number| format!(" a{number}=1")).collect();
    let base = format!("<base href='/{}/'>", "b".repeat(900));
    vec![
        ("divs", format!("{}deep", "<div>".repeat(100_000))),
        (
            "both",
            format!("{}x{}", "<div>".repeat(100_000), "</div>".repeat(100_000)),
        ),
        ("quotes", format!("{}x", "<blockquote>x".repeat(50_000))),
        ("lists", format!("{}x", "<ol><li>x".repeat(50_000))),
        ("tables", format!("{}x", "<table><tr><td>x".repeat(50_000))),
        ("bold", "<b>x</b>".repeat(100_000)),
        ("open bold", "<b>x<p>".repeat(100_000)),
        (
            "links",
            format!("{base}{}", "<a href=a>x</a>".repeat(60_000)),
        ),
        ("ends", "</div></p></x>".repeat(100_000)),
        ("cells", format!("<table><tr>{}", "<th>x".repeat(200_000))),
        (
            "wide",
            format!(
                "<table><tr><th>{}<tr>{}",
                "x".repeat(100_000),
                "<td>x<tr>".repeat(50_000)
            ),
        ),
        ("attributes", format!("<p{attributes}>x")),
        ("open tag", format!("<p a='{}", "x".repeat(1_000_000))),
        ("less", "<".repeat(1_000_000)),
        ("entities", "&amp".repeat(250_000)),
        ("ampersands", "&".repeat(1_000_000)),
        ("comments", "<!--".repeat(250_000)),
        ("blanks", " \n".repeat(500_000)),
        ("ticks", format!("<pre>{}", "`".repeat(1_000_000))),
        (
            "breaks",
            format!(
                "{}{}",
                "<blockquote><ul><li>".repeat(9),
                "<br>x".repeat(100_000)
            ),
        ),
        ("script", "<script>".repeat(100_000)),
        ("hidden", "<div hidden>".repeat(100_000)),
        ("nul", "\0".repeat(1_000_000)),
    ]
}

#[test]
fn no_page_is_too_deep_too_wide_or_too_slow() {
    // The stack of a test, and less than a thread of the runtime has.
    let small = std::thread::Builder::new().stack_size(256 * 1024);
    let read = || {
        for (name, page) in tangled() {
            let start = Instant::now();
            let text = markdown(&page);
            let took = start.elapsed();
            assert!(took < LONG, "{name}: {took:?}");
            assert!(text.len() <= 8 * 1024 * 1024, "{name}: {}", text.len());
        }
    };
    small.spawn(read).unwrap().join().unwrap();
}

#[test]
fn what_is_too_long_is_cut_and_says_so() {
    let base = Url::parse("https://docs.rs/").unwrap();
    let read = to_markdown(&"<p>some words</p>".repeat(400_000), &base);
    assert!(read.is_cut && read.text.len() < 5 * 1024 * 1024);
    assert!(!to_markdown("<p>x</p>", &base).is_cut);
}

#[test]
fn any_bytes_make_some_text() {
    let pieces = [
        "<",
        ">",
        "</",
        "<p",
        "<table>",
        "<tr>",
        "<td>",
        "<th>",
        "</table>",
        "<li>",
        "<ul>",
        "</ul>",
        "<a href='x'>",
        "</a>",
        "<pre>",
        "</pre>",
        "<b>",
        "</b>",
        "<h1>",
        "</h1>",
        "&#x",
        "&lt;",
        "é",
        "<blockquote>",
        "</blockquote>",
        "<main>",
        "</main>",
        "<br>",
        "<hr>",
        " hidden",
        "'",
        "x ",
        "<title>",
        "</title>",
        "<dd>",
        "<img alt=a src=b>",
        "|",
        "<code>",
        "</code>",
        "\0",
        "<svg/>",
    ];
    // A plain generator: the same pages in every run.
    let mut state = 1_u64;
    for _ in 0..3000 {
        let page: String = (0..60)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                pieces[(state >> 33) as usize % pieces.len()]
            })
            .collect();
        let text = markdown(&page);
        assert!(text.len() < 40 * page.len() + 1000, "{page}");
    }
}
