//! Which folders each leaf may run in: follows `cd` through the list.
//!
//! A `cd` that may fail leaves the old folder possible, so a leaf has a set
//! of folders and a path in it must be fine from each.

use std::path::{Path, PathBuf};

use super::script::{Join, Leaf, Origin, Script, Shape};
use crate::path::Ground;

/// More folders than this are not told apart any more.
const FOLDER_LIMIT: usize = 16;

/// Fills in [`Leaf::folders`].
pub(super) fn follow(script: &mut Script, ground: &Ground, cwd: &Path) {
    let mut chain = vec![cwd.to_path_buf()];
    let mut all = chain.clone();
    let compound = script.is_compound();
    for leaf in &mut script.leaves {
        // In a compound `&&` may stand behind a whole group, or behind `!`.
        let chained = leaf.before == Join::And && leaf.origin == Origin::Top && !compound;
        if !chained {
            chain.clone_from(&all);
        }
        leaf.folders.clone_from(&chain);
        if let Some(folder) = switched(leaf) {
            let moved: Vec<PathBuf> = chain
                .iter()
                .filter_map(|from| Some(from.join(ground.expand_home(&folder)?)))
                .collect();
            let fresh: Vec<PathBuf> = moved
                .iter()
                .filter(|path| !all.contains(path))
                .cloned()
                .collect();
            all.extend(fresh);
            if all.len() > FOLDER_LIMIT {
                script.shapes.push((Shape::TooDeep, leaf.span));
                all.truncate(FOLDER_LIMIT);
            }
            chain = moved;
        }
    }
}

/// The folder a leaf moves to, for itself or for what follows.
fn switched(leaf: &Leaf) -> Option<String> {
    if leaf.is(&["cd", "pushd", "chdir"]) {
        return Some(
            leaf.operands()
                .next()
                .map_or_else(|| "~".to_owned(), |word| word.text.clone()),
        );
    }
    if leaf.is(&["git", "make", "gmake", "tar", "ninja", "env"]) {
        let mut words = leaf
            .args()
            .iter()
            .skip_while(|word| word.text != "-C" && word.text != "--chdir");
        return words.nth(1).map(|word| word.text.clone());
    }
    None
}
