//! Program texts in the command that delete, send or run things.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in subject
        .script
        .leaves
        .iter()
        .filter(|leaf| names::is_interpreter(&leaf.name()) || leaf.is(&["npx", "tsx", "bunx"]))
    {
        let texts = leaf
            .args()
            .iter()
            .map(|word| word.text.as_str())
            .chain(leaf.bodies.iter().map(String::as_str));
        let fed = leaf
            .redirects
            .iter()
            .filter(|redirect| redirect.operator == "<<<")
            .filter_map(|redirect| redirect.target.as_ref())
            .map(|word| word.text.as_str());
        if texts.chain(fed).any(acts) {
            hits.danger(
                leaf.span,
                "The program in it deletes, sends, or runs something.",
            );
        }
    }
}

/// Words that turn a harmless one-liner into something else.
const WORDS: &str = "system( os.system popen subprocess pty.spawn exec( execvp execl execSync child_process spawn( \
    fork rmtree unlink os.remove rmdir rmSync rm_rf remove_tree fs.rm FileUtils File.delete shutil. rename( socket \
    urllib requests. http.client urlopen http.get https.get fetch( Net::HTTP IO::Socket LWP fsockopen TCPSocket open( \
    writeFile write_text write_bytes appendFile file_put_contents eval( __import__ compile( base64 b64decode unpack( \
    marshal pickle ctypes os.environ process.env ENV[ getenv chmod os.kill ` qx{ qx( %x( passthru shell_exec proc_open \
    ProcessBuilder Runtime. smtplib ftplib paramiko /dev/tcp setuid os.exec io.popen os.execute smtp webbrowser \
    truncate Deno.run Deno.Command File.write |getline |\" /inet/ IO.popen Kernel. load( require('http \
    require(\"http net.connect :erlang.halt System.cmd \
    removeSync Deno.remove fs::remove os.Remove Files.delete .deleteRecursively delete_file( remove_file( rm( rmSync \
    truncateSync Dir.rmdir remove_dir FileSystem. uiop: run-program sb-ext: deleteIfExists Process. system\" \
    removeItem delete-tree remove.all( process.kill .delete() -delete( \
    file-delete delete-file delete-directory rmdir( writeTextFile cpSync renameSync copyFile";
/// The same, with blanks in them.
const PHRASES: &[&str] = &[
    "do shell script",
    "tell app",
    "import os",
    "| getline",
    "| \"",
    "file delete",
    "exec \"",
    "exec '",
    "system \"",
    "system '",
    "system $",
];

fn acts(text: &str) -> bool {
    let code = text.len() > 3 && text.contains(['(', '`', '[', '{', '|', ' ', '"', '\'']);
    code && (WORDS
        .split_ascii_whitespace()
        .any(|word| text.contains(word))
        || PHRASES.iter().any(|phrase| text.contains(phrase)))
}
