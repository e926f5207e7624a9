//! The inner end of the way out: a port on the loopback of the command's own
//! network, for programs that know proxies by their port only. It carries
//! bytes to the socket of the outer end, which decides.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::process::{WaitOptions, waitpid};

/// Names under which programs look for a proxy.
const NAMES: &[&str] = &["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"];

/// Before the next try to take a connection, after one failed.
const PAUSE: Duration = Duration::from_millis(50);

/// A process of its own carries the bytes until the sandbox ends. Gives the
/// variables that lead programs there.
pub fn serve(socket: PathBuf) -> io::Result<Vec<(&'static str, String)>> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = format!("http://{}", listener.local_addr()?);
    // SAFETY: this process has one thread, so the child may do anything.
    match unsafe { libc::fork() } {
        -1 => return Err(io::Error::last_os_error()),
        0 => become_carrier(&listener, &socket),
        child => {
            let child = rustix::process::Pid::from_raw(child);
            let ended = waitpid(child, WaitOptions::empty())?;
            if ended.is_none_or(|(_, status)| status.exit_status() != Some(0)) {
                return Err(io::Error::other("no process can be made"));
            }
        }
    }
    let mut variables: Vec<_> = NAMES.iter().map(|name| (*name, address.clone())).collect();
    let here = "localhost,127.0.0.1,::1".to_owned();
    variables.extend([("no_proxy", here.clone()), ("NO_PROXY", here)]);
    // Node's own fetch looks at the others only then.
    variables.push(("NODE_USE_ENV_PROXY", "1".to_owned()));
    Ok(variables)
}

/// Forks once more, so that the command's shell has no child it did not make,
/// and lets go of the pipes, so that the command's output can end.
fn become_carrier(listener: &TcpListener, socket: &Path) -> ! {
    // SAFETY: as above; the calls have no conditions of their own.
    unsafe {
        let carrier = libc::fork();
        if carrier == 0 {
            let nothing = libc::open(c"/dev/null".as_ptr(), libc::O_RDWR);
            for stream in 0..=2 {
                libc::dup2(nothing, stream);
            }
            carry(listener, socket);
        }
        libc::_exit(i32::from(carrier < 0));
    }
}

fn carry(listener: &TcpListener, socket: &Path) {
    for client in listener.incoming() {
        let Ok(client) = client else {
            // Out of file descriptors, most likely.
            thread::sleep(PAUSE);
            continue;
        };
        let Ok(gateway) = UnixStream::connect(socket) else {
            continue;
        };
        // Without a thread the client sees its connection closed.
        let _ = thread::Builder::new().spawn(move || join(client, gateway));
    }
}

/// Carries bytes both ways until both sides are done.
fn join(client: TcpStream, gateway: UnixStream) {
    let (Ok(mut from), Ok(mut to)) = (client.try_clone(), gateway.try_clone()) else {
        return;
    };
    let forth = thread::Builder::new().spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
    let (mut from, mut to) = (gateway, client);
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
    if let Ok(forth) = forth {
        let _ = forth.join();
    }
}
