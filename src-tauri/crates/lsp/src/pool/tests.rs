#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::{Pool, Status};
use crate::error::LspError;
use crate::fake::{FAKES, Fake, Stage};

struct House {
    folder: tempfile::TempDir,
    stage: Arc<Stage>,
    pool: Pool,
}

impl House {
    fn with(stage: Stage) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let stage = Arc::new(stage);
        let house = Self {
            pool: Pool::new(Arc::clone(&stage) as _, FAKES),
            folder,
            stage,
        };
        house.file("a.fake");
        house
    }

    fn file(&self, name: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "").unwrap();
        path
    }

    async fn server(&self) -> Result<Arc<crate::Server>, LspError> {
        let path = self.folder.path().join("a.fake");
        self.pool.server(&path, self.folder.path()).await
    }

    fn status(&self) -> Status {
        self.pool.states().remove(0).status
    }
}

async fn live(mut fake: Fake) {
    fake.greet(json!({})).await;
    fake.stay().await;
}

/// Lives as long as the test wants it to.
async fn die_when_told(mut fake: Fake) {
    fake.greet(json!({"hoverProvider": true})).await;
    fake.expect("workspace/didChangeWatchedFiles").await;
}

async fn kill(house: &House, server: &crate::Server) {
    let event = (server.root().join("x.fake"), crate::FileEvent::Changed);
    house.pool.files_changed(&[event]);
    while server.ended().is_none() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn one_server_serves_all_of_a_root() {
    let house = House::with(Stage::default().with(live).with(live));
    let (one, other) = tokio::join!(house.server(), house.server());
    let (one, other) = (one.unwrap(), other.unwrap());
    assert!(Arc::ptr_eq(&one, &other));
    assert_eq!(house.status(), Status::Ready);

    house.file("sub/fake.toml");
    let below = house.file("sub/deep/b.fake");
    let below = house
        .pool
        .server(&below, house.folder.path())
        .await
        .unwrap();
    assert_eq!(
        below.root(),
        house.folder.path().canonicalize().unwrap().join("sub")
    );
    assert_eq!(house.pool.states().len(), 2);

    let unknown = house
        .pool
        .server(&house.file("a.txt"), house.folder.path())
        .await;
    assert!(matches!(unknown, Err(LspError::NoServer { .. })));
    house.pool.shutdown().await;
    assert!(one.ended().is_some() && below.ended().is_some());
    assert!(house.server().await.is_err());
    house.stage.done().await;
}

#[tokio::test(start_paused = true)]
async fn a_missing_program_is_told_with_what_to_do() {
    let house = House::with(Stage::default());
    for _ in 0..3 {
        let missing = house.server().await.err().unwrap();
        assert_eq!(
            missing.to_string(),
            "`fake-server` is not installed. Install it with `fake install`."
        );
    }
    // It was not looked for each time.
    assert_eq!(house.stage.launched.load(Ordering::SeqCst), 1);
    let install = "Install it with `fake install`.";
    assert_eq!(house.status(), Status::Missing { install });
    tokio::time::sleep(Duration::from_secs(61)).await;
    assert!(house.server().await.is_err());
    assert_eq!(house.stage.launched.load(Ordering::SeqCst), 2);
    house.pool.forgive();
    assert!(house.server().await.is_err());
    assert_eq!(house.stage.launched.load(Ordering::SeqCst), 3);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_dies_is_started_again_but_not_for_ever() {
    let stage = (0..6).fold(Stage::default(), |stage, _| stage.with(die_when_told));
    let house = House::with(stage);
    let mut pauses = Vec::new();
    for crashes in 0..4 {
        let start = Instant::now();
        let server = house.server().await.unwrap();
        pauses.push(start.elapsed().as_millis());
        assert_eq!(house.pool.states()[0].crashes, crashes);
        kill(&house, &server).await;
        assert!(matches!(house.status(), Status::Crashed { .. }));
    }
    for (pause, expected) in pauses.into_iter().zip([0, 500, 1000, 2000]) {
        assert!(
            pause >= expected && pause < expected + 100,
            "{pause} {expected}"
        );
    }
    let given_up = house.server().await.err().unwrap().to_string();
    assert_eq!(
        given_up,
        "`fake-server` broke down 4 times and is left alone for a while. The last time: `fake-server` ended."
    );
    tokio::time::sleep(Duration::from_secs(601)).await;
    let server = house.server().await.unwrap();
    // One that ran for long before it died counts anew.
    tokio::time::sleep(Duration::from_secs(400)).await;
    kill(&house, &server).await;
    house.server().await.unwrap();
    assert_eq!(house.pool.states()[0].crashes, 1);
}

#[tokio::test(start_paused = true)]
async fn a_start_that_fails_is_the_answer_of_all_who_wait() {
    let house = House::with(
        Stage::default()
            .with(|fake| async move { drop(fake) })
            .with(live),
    );
    let (one, other) = tokio::join!(house.server(), house.server());
    assert!(one.is_err() && other.is_err());
    assert_eq!(house.stage.launched.load(Ordering::SeqCst), 1);
    assert!(house.server().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn who_goes_away_takes_no_start_along() {
    let house = House::with(Stage::default().with(|mut fake| async move {
        tokio::time::sleep(Duration::from_secs(5)).await;
        fake.greet(json!({})).await;
        fake.stay().await;
    }));
    let moment = Duration::from_millis(100);
    assert!(tokio::time::timeout(moment, house.server()).await.is_err());
    assert_eq!(house.status(), Status::Starting);
    house.server().await.unwrap();
    assert_eq!(house.stage.launched.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn an_idle_server_is_sent_away_and_comes_back() {
    let house = House::with(Stage::default().with(live).with(live));
    let server = house.server().await.unwrap();
    // In use, however long.
    tokio::time::sleep(Duration::from_secs(2000)).await;
    assert_eq!(house.status(), Status::Ready);
    drop(server);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(house.status(), Status::Stopped);
    house.server().await.unwrap();
    assert_eq!(house.status(), Status::Ready);
    house.pool.shutdown().await;
    house.stage.done().await;
}

#[tokio::test(start_paused = true)]
async fn only_so_many_run_at_one_time() {
    let stage = (0..9).fold(Stage::default(), |stage, _| stage.with(live));
    let house = House::with(stage);
    for number in 0..9 {
        house.file(&format!("{number}/fake.toml"));
        let path = house.file(&format!("{number}/a.fake"));
        house.pool.server(&path, house.folder.path()).await.unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let states = house.pool.states();
    let ready: Vec<bool> = states
        .iter()
        .map(|state| state.status == Status::Ready)
        .collect();
    assert_eq!(
        ready,
        [false, false, false, true, true, true, true, true, true]
    );
}
