use lsp::{Settled, difference};

use crate::launcher::{LIMIT, Project, name, shown, told};

const HINT: &str = "This test needs pyright: `npm install pyright` somewhere, and name its `node_modules/.bin/pyright-langserver` in `PYRIGHT_LANGSERVER`.";

const SHOP: &str = "\
class Shop:
    def price(self, name: str) -> int:
        return len(name)


def total(shop: Shop) -> int:
    text = \"\u{1f40d}\u{e9}\"; price = shop.price(text)
    return price
";

const MAIN: &str = "\
from shop import Shop, total

print(total(Shop()))
";

#[tokio::test]
async fn it_knows_a_python_project() {
    let project = Project::new(
        "pyright-langserver",
        "PYRIGHT_LANGSERVER",
        &[
            ("pyproject.toml", "[project]\nname = \"shop\"\n"),
            ("shop.py", SHOP),
            ("main.py", MAIN),
        ],
    );
    let server = project.server("main.py", HINT).await;
    let (shop, main) = (project.path("shop.py"), project.path("main.py"));
    let before = server.problems(&main, LIMIT).await.unwrap();
    assert!(before.is_settled);
    assert_eq!(told(&before.items), Vec::<String>::new());
    assert_eq!(server.settle(LIMIT).await, Settled::Quiet);

    let found = server.definition(&main, &name(3, "total")).await.unwrap();
    assert_eq!(
        shown(&found.items),
        ["shop.py:6:5 def total(shop: Shop) -> int:"]
    );
    let found = server.references(&shop, &name(2, "price")).await.unwrap();
    assert_eq!(
        shown(&found.items),
        [
            "shop.py:2:9 def price(self, name: str) -> int:",
            "shop.py:7:31 text = \"\u{1f40d}\u{e9}\"; price = shop.price(text)",
        ]
    );
    let calls = server.outgoing_calls(&shop, &name(6, "total")).await;
    let calls = calls.unwrap().calls.items;
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert_eq!(calls[0].name, "price");

    project.write("main.py", &MAIN.replace("Shop()", "1"));
    let after = server.problems(&main, LIMIT).await.unwrap();
    let changed = difference(&before.items, &after.items);
    assert_eq!(changed.new.len(), 1, "{changed:?}");
    assert_eq!(changed.new[0].span.start.line, 3);
    project.pool.shutdown().await;
}
