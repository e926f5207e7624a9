use lsp::{Change, apply, difference};

use crate::launcher::{LIMIT, Project, name, shown, told};

const HINT: &str = "This test needs typescript-language-server: `npm install typescript typescript-language-server` somewhere, and name its `node_modules/.bin/typescript-language-server` in `TYPESCRIPT_LANGUAGE_SERVER`.";

const SHOP: &str = "\
export interface Item { name: string; price: number }

export function total(items: Item[]): number {
  const mark = \"\u{1f6d2}\u{e9}\"; let sum = mark.length - mark.length;
  for (const item of items) sum += item.price;
  return sum;
}
";

const MAIN: &str = "\
import { total } from \"./shop\";

console.log(total([{ name: \"a\", price: 1 }]));
";

#[tokio::test]
async fn it_knows_a_typescript_project() {
    let project = Project::new(
        "typescript-language-server",
        "TYPESCRIPT_LANGUAGE_SERVER",
        &[
            ("tsconfig.json", "{\"compilerOptions\": {\"strict\": true}}"),
            ("shop.ts", SHOP),
            ("main.ts", MAIN),
        ],
    );
    let server = project.server("main.ts", HINT).await;
    let (shop, main) = (project.path("shop.ts"), project.path("main.ts"));
    let before = server.problems(&main, LIMIT).await.unwrap();
    assert!(before.is_settled);
    assert_eq!(told(&before.items), Vec::<String>::new());

    let found = server.definition(&main, &name(3, "total")).await.unwrap();
    assert_eq!(
        shown(&found.items),
        ["shop.ts:3:17 export function total(items: Item[]): number {"]
    );
    let changes = server.rename(&shop, &name(4, "sum"), "all").await.unwrap();
    let [Change::Edit(edit)] = changes.steps.as_slice() else {
        panic!("{changes:?}");
    };
    assert_eq!(
        apply(SHOP, &edit.replacements).unwrap(),
        SHOP.replace("sum", "all")
    );

    project.write(
        "main.ts",
        &format!("\n{}", MAIN.replace("price: 1", "cost: 1")),
    );
    let after = server.problems(&main, LIMIT).await.unwrap();
    let changed = difference(&before.items, &after.items);
    assert_eq!(changed.new.len(), 1, "{changed:?}");
    assert_eq!(changed.new[0].span.start.line, 4);
    project.write("main.ts", MAIN);
    let mended = server.problems(&main, LIMIT).await.unwrap();
    assert_eq!(mended.items.len(), 0, "{mended:?}");
    project.pool.shutdown().await;
}
