//! The built-in tools: one file each, its prompt for the model beside it.
//!
//! A tool says what it would touch (`plan`, no IO) and does it (`run`, with a
//! grant). None decides what is allowed; each refuses to touch anything its
//! grant does not name, also when a link was planted in between.

mod call;
mod contents;
mod diff;
mod disk;
mod draft;
mod notebook;
mod place;
mod secret_mark;
mod source;
mod text;
mod walk;

mod apply_patch;
mod ask_user;
mod bash;
mod code_outline;
mod copy;
mod delete;
mod download;
mod edit;
mod glob;
mod grep;
mod job_kill;
mod job_list;
mod job_output;
mod list_dir;
mod mkdir;
mod r#move;
mod multi_edit;
mod notebook_edit;
mod read;
mod read_many;
mod symbol_search;
mod todo;
mod tree;
mod web_fetch;
mod web_search;
mod write;

#[cfg(test)]
mod door;
#[cfg(test)]
mod site;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use tool::Tool;
use web::Web;

/// All built-in tools, in the order models are told about them. `web` is
/// their way to other machines.
#[must_use]
pub fn all(web: &Web) -> Vec<Arc<dyn Tool>> {
    vec![
        Arc::new(read::Read),
        Arc::new(read_many::ReadMany),
        Arc::new(write::Write),
        Arc::new(edit::Edit),
        Arc::new(multi_edit::MultiEdit),
        Arc::new(apply_patch::ApplyPatch),
        Arc::new(notebook_edit::NotebookEdit),
        Arc::new(r#move::Move),
        Arc::new(copy::Copy),
        Arc::new(mkdir::Mkdir),
        Arc::new(delete::Delete),
        Arc::new(list_dir::ListDir),
        Arc::new(tree::Tree),
        Arc::new(glob::Glob),
        Arc::new(grep::Grep),
        Arc::new(code_outline::CodeOutline),
        Arc::new(symbol_search::SymbolSearch),
        Arc::new(bash::Bash),
        Arc::new(job_list::JobList),
        Arc::new(job_output::JobOutput),
        Arc::new(job_kill::JobKill),
        Arc::new(web_search::WebSearch::with(web)),
        Arc::new(web_fetch::WebFetch::with(web)),
        Arc::new(download::Download::with(web)),
        Arc::new(todo::Todo),
        Arc::new(ask_user::AskUser),
    ]
}
