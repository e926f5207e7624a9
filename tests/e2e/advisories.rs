//! Attacks on the windows of coding agents that were made public, one test
//! each, named after its advisory. The comment names the guards it holds.

use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use testkit::{ModelServer, Reply};

use crate::app::{App, Home, app_pid, built};
use crate::background::Background;
use crate::desktop::{Desktop, wait_for};

/// Long enough for a request to a listener on this machine to arrive.
const SETTLED: Duration = Duration::from_secs(1);

/// Counts who connects.
struct Sink(TcpListener);

impl Sink {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    fn url(&self) -> String {
        format!("http://{}", self.0.local_addr().unwrap())
    }

    fn visitors(&self) -> usize {
        std::iter::from_fn(|| self.0.accept().ok()).count()
    }
}

/// An answer with everything in it that ever fetched or ran something.
fn answer(url: &str) -> String {
    format!(
        "Seen.\n\n![leak]({url}/a.png)\n\n\
         <img src=\"{url}/b.png\" onerror=\"window.pwned=1\">\n\
         <script>window.pwned=1</script><script src=\"{url}/c.js\"></script>\n\
         <iframe src=\"{url}/d\" srcdoc=\"<script>parent.pwned=1</script>\"></iframe>\n\
         <link rel=stylesheet href=\"{url}/e.css\"><style>@import url({url}/f.css)</style>\n\
         <svg onload=\"window.pwned=1\"><image href=\"{url}/g.svg\"/></svg>\n\
         <video src=\"{url}/h\"></video><object data=\"{url}/i\"></object>\n\
         <form action=\"{url}/j\"><button autofocus onfocus=\"window.pwned=1\">x</button></form>\n\n\
         [link](javascript:window.pwned=1) [data](data:text/html,<script>1</script>)\n\n\
         ```mermaid\ngraph TD; A[\"<img src='{url}/k.png' onerror='window.pwned=1'>\"]\n```\n\n\
         ```json\n{{ \"$schema\": \"{url}/l.json\" }}\n```\n\nThat was all."
    )
}

/// Guards: no raw HTML in answers, no picture from elsewhere, the policy of
/// the page's content, and a window that shows nothing but the app.
#[test]
fn cve_2025_54132_61589_49150_and_2026_22813_an_answer_fetches_and_runs_nothing() {
    let desktop = Desktop::start("hostile-answer");
    let sink = Sink::open();
    let server = ModelServer::start_blocking(vec![Reply::text(answer(&sink.url()))]);
    let home = Home::new("provider = \"anthropic\"\npet_shown = false\n");
    let flags = [("FAMILIAR_FLAGS", "-background_titles")];
    let app = App::answered_from(&server.base_url(), &desktop, &home, &flags);
    app.type_and_send("show me");
    app.wait_for_text("[data-role=assistant]", "That was all.");
    let links = "document.querySelectorAll('[data-role=assistant] a')\
        .forEach(link => link.dispatchEvent(new MouseEvent('mouseover')));\
        return [...document.querySelectorAll('[data-role=assistant] :is(img, script, iframe, object, video, form, style, link)')]\
        .map(element => element.outerHTML)";
    assert_eq!(app.execute(links, vec![]), json!([]));
    // What a script in the page would try, if one ever got there.
    let tries = "const url = arguments[0];\
        const image = new Image(); image.src = url + '/image'; document.body.append(image);\
        fetch(url + '/fetch').catch(() => {});\
        try { new WebSocket(url.replace('http', 'ws')) } catch {}\
        const frame = document.createElement('iframe'); frame.src = url + '/frame'; document.body.append(frame);\
        const script = document.createElement('script'); script.src = url + '/script'; document.body.append(script);\
        window.open(url + '/open'); navigator.sendBeacon(url + '/beacon', 'x');\
        window.location = url + '/location';";
    app.execute(tries, vec![json!(sink.url())]);
    std::thread::sleep(SETTLED);
    assert_eq!(sink.visitors(), 0);
    app.wait_for_text("[data-role=assistant]", "That was all.");
    assert_eq!(
        app.execute("return window.pwned ?? null", vec![]),
        json!(null)
    );
    desktop.screenshot("shown");
    std::net::TcpStream::connect(sink.0.local_addr().unwrap()).unwrap();
    assert_eq!(sink.visitors(), 1, "the sink counts");
}

/// Guard: the page can answer questions that the core asked, and no others.
#[test]
fn cve_2026_22813_a_page_runs_nothing_without_a_question_of_the_core() {
    let desktop = Desktop::start("forged-answer");
    let server = ModelServer::start_blocking(vec![
        Reply::tool("bash", json!({ "command": "touch made" })),
        Reply::text("A pity."),
    ]);
    let home = Home::new("provider = \"anthropic\"\npet_shown = false\n");
    let app = App::answered_from(&server.base_url(), &desktop, &home, &[]);
    app.type_and_send("make it");
    app.wait_for_css("[data-testid=ask-card][data-armed=true]");
    let forged = app.invoke(
        "permission_answer",
        json!({ "requestId": "forged", "answer": { "type": "allow_once" } }),
    );
    assert_eq!(forged, Ok(json!(false)), "nothing waits for it");
    assert!(!home.workspace.path("made").exists());
    app.click("[data-testid=ask-deny]");
    app.wait_for_text("[data-role=assistant]", "A pity.");
    assert!(!home.workspace.path("made").exists());
}

/// Sockets of this process and those below it.
fn sockets(pid: u32) -> Vec<String> {
    let mut found = Vec::new();
    let mut left = vec![pid];
    while let Some(pid) = left.pop() {
        let folder = PathBuf::from(format!("/proc/{pid}"));
        let files = std::fs::read_dir(folder.join("fd")).into_iter().flatten();
        for file in files.flatten() {
            let target = std::fs::read_link(file.path()).unwrap_or_default();
            let name = target.to_string_lossy().into_owned();
            if let Some(inode) = name.strip_prefix("socket:[") {
                found.push(inode.trim_end_matches(']').to_owned());
            }
        }
        let tasks = std::fs::read_dir(folder.join("task")).into_iter().flatten();
        for task in tasks.flatten() {
            let children = std::fs::read_to_string(task.path().join("children"));
            let children = children.unwrap_or_default();
            left.extend(
                children
                    .split_whitespace()
                    .filter_map(|id| id.parse::<u32>().ok()),
            );
        }
    }
    found
}

/// Inodes of sockets that wait for TCP connections, on the whole machine.
fn listening() -> Vec<String> {
    ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .flat_map(|table| {
            let table = std::fs::read_to_string(table).unwrap_or_default();
            let waiting = table.lines().skip(1).filter_map(|line| {
                let columns: Vec<&str> = line.split_whitespace().collect();
                (columns[3] == "0A").then(|| columns[9].to_owned())
            });
            waiting.collect::<Vec<String>>()
        })
        .collect()
}

/// Guard: nothing of the app waits on a TCP port.
#[test]
fn cve_2026_22812_44211_10054_2025_52882_49596_no_port_is_open() {
    let desktop = Desktop::start("ports");
    let home = Home::new("provider = \"offline\"\n");
    // Without a web driver, which opens a port of its own in the app.
    let mut command = desktop.command(built("FAMILIAR_BIN", "familiar"));
    let _running = Background::start(command.env("FAMILIAR_HOME", home.path()));
    desktop.wait_for_window("Familiar pet");
    let pid = wait_for("the app", || app_pid(&home));
    std::thread::sleep(SETTLED);
    let sockets = sockets(pid);
    assert!(!sockets.is_empty(), "it talks to the display");
    let open: Vec<String> = listening()
        .into_iter()
        .filter(|inode| sockets.contains(inode))
        .collect();
    assert_eq!(open, [""; 0]);
    let own = TcpListener::bind("127.0.0.1:0").unwrap();
    let seen = self::sockets(std::process::id());
    assert!(
        listening().iter().any(|inode| seen.contains(inode)),
        "{own:?} is seen"
    );
}
