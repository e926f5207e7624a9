//! The sandbox with real programs: what a confined command can do, and what
//! it cannot. For Linux with bubblewrap.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use exec::{Command, Dial, Environment, ExecError, Exit, Finished, NoSandbox, Sandbox};
use protocol::{Confinement, Host};
use tokio_util::sync::CancellationToken;

/// A workspace with walls around it, and folders that lie outside.
struct Place {
    dir: tempfile::TempDir,
    sandbox: Sandbox,
    limits: Confinement,
}

impl Place {
    async fn new() -> Self {
        // Not below `/tmp`, which a confined command does not share.
        let target = built().parent().unwrap().to_owned();
        let dir = tempfile::tempdir_in(target).unwrap();
        for folder in ["ws/.git/hooks", "ws/src", "outside", "secret"] {
            std::fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        std::fs::write(dir.path().join("outside/file"), "outside\n").unwrap();
        std::fs::write(dir.path().join("secret/key"), "hunter2\n").unwrap();
        let workspace = dir.path().join("ws");
        let limits = Confinement {
            protected: [".git", ".mcp.json", ".vscode"]
                .map(|name| workspace.join(name))
                .to_vec(),
            writable: vec![workspace],
            hidden: vec![dir.path().join("secret")],
            ..Confinement::default()
        };
        Self {
            sandbox: Sandbox::find(&built()).await.unwrap(),
            dir,
            limits,
        }
    }

    fn workspace(&self) -> PathBuf {
        self.dir.path().join("ws")
    }

    fn command(&self, script: &str, is_confined: bool) -> Command {
        let workspace = self.workspace();
        Command {
            script: script.to_owned(),
            timeout: Duration::from_secs(30),
            environment: Environment::of_process(&workspace),
            cwd: workspace,
            confined: is_confined.then(|| (self.sandbox.clone(), self.limits.clone())),
        }
    }

    async fn confined(&self, script: &str) -> Finished {
        finish(self.command(script, true)).await
    }

    async fn free(&self, script: &str) -> Finished {
        finish(self.command(script, false)).await
    }
}

/// The folder with the programs of this build.
fn built() -> PathBuf {
    let helper = Path::new(env!("CARGO_BIN_EXE_familiar-confine"));
    helper.parent().unwrap().to_owned()
}

async fn finish(command: Command) -> Finished {
    exec::run(command, |_, _| {}, &CancellationToken::new())
        .await
        .unwrap()
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_confined_command_works_in_its_workspace() {
    let place = Place::new().await;
    let finished = place
        .confined("echo hi > src/a && mkdir b && mv src/a b/c && cat b/c && ln -s c b/d && rm b/d && pwd && exit 3")
        .await;
    let expected = format!("hi\n{}\n", place.workspace().display());
    assert_eq!(
        (finished.exit, finished.output.text()),
        (Exit::Code(3), expected)
    );
    // Usual programs find what they need.
    let finished = place
        .confined("echo x > /dev/null; t=$(mktemp) && echo t > $t && cat $t; cat < <(echo p); ls /proc/self/exe >/dev/null && git --version >/dev/null && echo ok")
        .await;
    assert_eq!(finished.output.text(), "t\np\nok\n");
}

#[tokio::test]
async fn nothing_outside_of_the_workspace_changes() {
    let place = Place::new().await;
    let workspace = place.workspace();
    symlink("../outside", workspace.join("link")).unwrap();
    symlink("../outside/file", workspace.join("link-to-file")).unwrap();
    let home = std::env::home_dir().unwrap();
    let outside = place.dir.path().join("outside");
    let attempts = [
        "echo x > ../outside/new".to_owned(),
        "echo x > ../outside/file".to_owned(),
        "echo x >> link/file".to_owned(),
        "echo x > link-to-file".to_owned(),
        "rm ../outside/file".to_owned(),
        "mv ../outside/file .".to_owned(),
        "mv src ../outside/".to_owned(),
        "ln ../outside/file here && echo x > here".to_owned(),
        "mkdir ../new".to_owned(),
        "chmod 777 ../outside/file".to_owned(),
        "truncate -s0 ../outside/file".to_owned(),
        "touch ../ws-evil".to_owned(),
        format!("echo x > {}/.familiar-test", home.display()),
        "echo x > /etc/familiar-test".to_owned(),
        "echo x > /var/tmp/familiar-test".to_owned(),
        format!("python3 -c 'open(\"{}/new\",\"w\")'", outside.display()),
        format!("( cd / && echo x > {}/new )", outside.display()),
        "mount --bind src ../outside".to_owned(),
        "unshare -Ur mount -o remount,rw /".to_owned(),
    ];
    for attempt in attempts {
        let finished = place.confined(&attempt).await;
        assert_ne!(
            finished.exit,
            Exit::Code(0),
            "{attempt}: {}",
            finished.output.text()
        );
    }
    assert_eq!(names_in(place.dir.path()), ["outside", "secret", "ws"]);
    assert_eq!(names_in(&outside), ["file"]);
    let file = outside.join("file");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "outside\n");
    let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o644);
}

#[tokio::test]
async fn what_is_protected_neither_changes_nor_appears() {
    let place = Place::new().await;
    for attempt in [
        "echo x > .git/hooks/pre-commit",
        "echo x > .git/config",
        "rm -rf .git",
        "mv .git old",
        "mkdir new && mv new .git",
        "mkdir -p .vscode && echo x > .vscode/tasks.json",
        "echo x > .mcp.json",
        "echo x > y && mv -T y .mcp.json",
        "rm -f .mcp.json",
        "ln -sf /etc/passwd .mcp.json",
        "git init -q . && git config core.fsmonitor evil",
    ] {
        let finished = place.confined(attempt).await;
        assert_ne!(
            finished.exit,
            Exit::Code(0),
            "{attempt}: {}",
            finished.output.text()
        );
    }
    let left = names_in(&place.workspace());
    assert!(
        !left
            .iter()
            .any(|name| name == ".mcp.json" || name == ".vscode"),
        "{left:?}"
    );
    assert_eq!(names_in(&place.workspace().join(".git")), ["hooks"]);
    assert!(names_in(&place.workspace().join(".git/hooks")).is_empty());
}

#[tokio::test]
async fn masks_stay_while_another_command_needs_them() {
    let place = Place::new().await;
    let long = place.command("sleep 1; echo x > .mcp.json", true);
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(finish(long));
    let mask = place.workspace().join(".mcp.json");
    while !mask.exists() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    place.confined("true").await;
    assert!(mask.exists(), "the first to end took the mask of the other");
    let long = tasks.join_next().await.unwrap().unwrap();
    assert_ne!(long.exit, Exit::Code(0));
    assert!(!mask.exists(), "the last to end left its mask");
    // What a crash left is known and taken away too.
    std::fs::write(&mask, "").unwrap();
    std::fs::set_permissions(&mask, std::os::unix::fs::PermissionsExt::from_mode(0o444)).unwrap();
    assert_ne!(
        place.confined("echo x > .mcp.json").await.exit,
        Exit::Code(0)
    );
    assert!(!mask.exists());
}

#[tokio::test]
async fn a_protected_link_is_not_confined_at_all() {
    let place = Place::new().await;
    let link = place.workspace().join(".mcp.json");
    symlink("src/x", &link).unwrap();
    let error = exec::run(
        place.command("true", true),
        |_, _| {},
        &CancellationToken::new(),
    )
    .await
    .unwrap_err();
    assert!(matches!(error, ExecError::Linked { path } if path == link));
}

#[tokio::test]
async fn secrets_and_what_others_run_are_not_seen() {
    let place = Place::new().await;
    std::fs::write("/tmp/familiar-sandbox-test", "x").unwrap();
    let finished = place
        .confined("ls ../secret /run /tmp; cat ../secret/key; ps -e 2>/dev/null | wc -l")
        .await;
    std::fs::remove_file("/tmp/familiar-sandbox-test").unwrap();
    let text = finished.output.text();
    assert!(
        !text.contains("hunter2") && !text.contains("familiar-sandbox-test"),
        "{text}"
    );
    let pids = place.confined("echo /proc/[0-9]*").await.output.text();
    let own = format!("/proc/{}", std::process::id());
    assert!(pids.split_whitespace().count() < 8, "{pids}");
    assert!(
        !pids.split_whitespace().any(|pid| pid == own) || std::process::id() < 8,
        "{pids}"
    );
}

/// Each reaches the listener when it is free, so that a missing program
/// cannot pass for a wall.
#[tokio::test]
async fn no_program_reaches_the_network() {
    let place = Place::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let reached = || {
        let mut count = 0;
        while listener.accept().is_ok() {
            count += 1;
        }
        count
    };
    for program in [
        format!("curl -s -m 1 http://127.0.0.1:{port}/"),
        format!("wget -q -T 1 -t 1 -O - http://127.0.0.1:{port}/"),
        format!("nc -w 1 127.0.0.1 {port} </dev/null"),
        format!("ssh -o ConnectTimeout=1 -o BatchMode=yes -p {port} 127.0.0.1"),
        format!("exec 3<>/dev/tcp/127.0.0.1/{port}"),
        format!("python3 -c 'import socket; socket.create_connection((\"127.0.0.1\",{port}),1)'"),
    ] {
        place.free(&program).await;
        assert!(
            reached() > 0,
            "`{program}` does not work even when it is free"
        );
        let finished = place.confined(&program).await;
        assert_ne!(finished.exit, Exit::Code(0), "{program}");
        assert_eq!(reached(), 0, "{program}");
    }
    for program in [
        "ping -c 1 -W 1 192.0.2.1",
        "getent ahosts example.com",
        "python3 -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b\"x\", (\"192.0.2.1\", 53))'",
        "python3 -c 'import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW)'",
        "python3 -c 'import socket; socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)'",
    ] {
        let finished = place.confined(program).await;
        assert_ne!(finished.exit, Exit::Code(0), "{program}");
    }
    // Servers of its own it may have, as tests do.
    let own = "python3 -c 'import socket; s=socket.create_server((\"127.0.0.1\",0)); c=socket.create_connection(s.getsockname()); print(\"own\")'";
    assert_eq!(place.confined(own).await.output.text(), "own\n");
}

#[tokio::test]
async fn the_kernel_refuses_what_attacks_start_with() {
    let place = Place::new().await;
    let status = place
        .confined("grep -E '^(NoNewPrivs|Seccomp|CapEff):' /proc/self/status")
        .await;
    assert_eq!(
        status.output.text(),
        "CapEff:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n"
    );
    for attempt in [
        "unshare -Ur true",
        "unshare -n true",
        "chroot / true",
        "python3 -c 'import ctypes,sys; sys.exit(ctypes.CDLL(None).ptrace(0,0,0,0) == 0)' && false",
        "nsenter -t 1 -m true",
        "kill -9 -1; mount -t tmpfs x src",
    ] {
        let finished = place.confined(attempt).await;
        assert_ne!(
            finished.exit,
            Exit::Code(0),
            "{attempt}: {}",
            finished.output.text()
        );
    }
}

/// The file does not change any more, or stops to within two seconds.
async fn assert_stopped(tick: &Path) {
    let limit = Instant::now() + Duration::from_secs(2);
    let mut last = None;
    while Instant::now() < limit {
        let seen = Some(std::fs::read(tick).unwrap());
        if seen == last {
            return;
        }
        last = seen;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("it still ticks");
}

#[tokio::test]
async fn nothing_survives_a_cancel_or_the_end() {
    let place = Place::new().await;
    let tree = "( setsid nohup sh -c 'while :; do date +%N > tick; sleep 0.02; done' >/dev/null 2>&1 & ) ; sleep 0.2;";
    let tick = place.workspace().join("tick");
    place.confined(tree).await;
    assert_stopped(&tick).await;
    let cancel = CancellationToken::new();
    let command = place.command(&format!("{tree} sleep 60"), true);
    let running = exec::run(command, |_, _| {}, &cancel);
    let (finished, ()) = tokio::join!(running, async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        cancel.cancel();
    });
    assert_eq!(finished.unwrap().exit, Exit::Cancelled);
    assert_stopped(&tick).await;
}

#[tokio::test]
async fn without_a_part_there_is_no_sandbox() {
    let empty = tempfile::tempdir().unwrap();
    let missing = Sandbox::find(empty.path()).await.unwrap_err();
    assert!(matches!(missing, NoSandbox::NoHelper { .. }), "{missing}");
    // A helper that cannot confine fails the trial.
    std::fs::write(empty.path().join("familiar-confine"), "#!/bin/false\n").unwrap();
    let failed = Sandbox::find(empty.path()).await.unwrap_err();
    assert!(matches!(failed, NoSandbox::Failed { .. }), "{failed}");
}

/// True when a whole line says it. Which of its two streams a command is heard
/// on first is chance, so no line is known to be the last.
fn says(text: &str, wanted: &str) -> bool {
    text.lines().any(|line| line == wanted)
}

/// A web server that answers everything, and where it is.
fn web_server() -> std::net::SocketAddr {
    use std::io::{Read, Write};
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut bytes = [0; 2048];
            let length = stream.read(&mut bytes).unwrap_or(0);
            let asked = String::from_utf8_lossy(&bytes[..length]).into_owned();
            let line = asked.lines().next().unwrap_or_default().to_owned();
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{line}",
                line.len()
            );
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

#[tokio::test]
async fn an_open_host_is_reached_and_no_other() {
    let far = web_server();
    let mut place = Place::new().await;
    // Nobody can reach the internet from a test: names lead to the server.
    place.sandbox = place
        .sandbox
        .dialing(Dial::fake(move |_, _| vec![far], |_| true));
    place.limits.hosts = vec![Host::parse("crates.test").unwrap()];
    let finished = place.confined("curl -sS http://crates.test/index").await;
    assert_eq!(finished.output.text(), "GET /index HTTP/1.1");
    let fetch = "import urllib.request; print(urllib.request.urlopen('http://crates.test/py').read().decode())";
    let finished = place.confined(&format!("python3 -c \"{fetch}\"")).await;
    assert_eq!(finished.output.text(), "GET /py HTTP/1.1\n");
    let tunnel = "exec 3<>/dev/tcp/127.0.0.1/${http_proxy##*:}; printf 'CONNECT crates.test:443 HTTP/1.1\\r\\n\\r\\nGET /t' >&3; cat <&3";
    let text = place.confined(tunnel).await.output.text();
    assert!(
        text.contains("200 Connection established") && text.ends_with("GET /t"),
        "{text}"
    );
    let finished = place
        .confined("curl -sS --max-time 5 http://evil.test/; curl -sS --max-time 5 https://evil.test/; echo ended")
        .await;
    let text = finished.output.text();
    assert!(
        text.contains("The sandbox is not open towards `evil.test`"),
        "{text}"
    );
    assert!(text.contains("ended\n"), "{text}");
    assert_eq!(finished.refused_hosts, ["evil.test"]);
    // Around the gateway there is nothing.
    let around = format!(
        "curl -sS --noproxy '*' --max-time 5 http://{far}/ || curl -sS --noproxy '*' --max-time 5 --resolve crates.test:80:{} http://crates.test/ || echo closed",
        far.ip()
    );
    let text = place.confined(&around).await.output.text();
    assert!(says(&text, "closed"), "{text}");
    // Nothing of it stays, and without a host there is no gateway at all.
    place.limits.hosts.clear();
    let finished = place
        .confined("ls /run; echo \"${http_proxy:-none}\"; curl -sS --max-time 5 http://crates.test/ || echo closed")
        .await;
    let text = finished.output.text();
    assert!(
        !text.contains("gateway") && text.contains("none\n"),
        "{text}"
    );
    assert!(says(&text, "closed"), "{text}");
}

#[tokio::test]
async fn the_way_out_leaves_no_process_and_holds_nothing_up() {
    let mut place = Place::new().await;
    place.limits.hosts = vec![Host::parse("crates.test").unwrap()];
    let started = Instant::now();
    let finished = place.confined("echo $$; wait; jobs; echo done").await;
    assert!(finished.output.text().ends_with("done\n"));
    assert!(!finished.left_running);
    assert!(started.elapsed() < Duration::from_secs(10));
    let helpers = std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter(|entry| {
            std::fs::read_to_string(entry.path().join("cmdline")).is_ok_and(|line| {
                line.contains("familiar-gateway")
                    && line.contains(place.workspace().to_str().unwrap())
            })
        });
    assert_eq!(helpers.count(), 0);
}
