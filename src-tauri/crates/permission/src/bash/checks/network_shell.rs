//! Shells handed to another machine, listeners and tunnels.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names::among;
use crate::bash::script::Leaf;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in &subject.script.leaves {
        if let Some(why) = why(leaf) {
            hits.danger(leaf.span, why);
        }
    }
}

/// Programs that attack, search or flood other machines.
const ATTACKS: &str = "hping3 slowloris t50 tcpreplay slowhttptest goldeneye loic \
    crackmapexec netexec nxc enum4linux smbmap smbclient rpcclient evil-winrm psexec.py wmiexec.py secretsdump.py \
    impacket-secretsdump impacket-psexec getuserspns.py bloodhound-python bloodhound kerbrute patator medusa rustscan \
    fping arp-scan netdiscover nbtscan onesixtyone snmpwalk dnsrecon dnsenum fierce amass subfinder sublist3r \
    theharvester recon-ng nuclei feroxbuster dirb dirsearch gobuster ffuf wfuzz wpscan whatweb wafw00f commix \
    xsstrike beef-xss setoolkit msfdb msfrpcd cewl crunch ophcrack fcrackzip pdfcrack zip2john aireplay-ng \
    airodump-ng airmon-ng wifite reaver mitmproxy mitmdump driftnet ngrep macchanger \
    yersinia dnschef dnsspoof sslstrip ligolo-ng pspy pspy64 pypykatz mimipenguin ike-scan \
    routersploit sliver-client havoc cobaltstrike linpeas linpeas.sh winpeas.exe pacu scoutsuite prowler \
    anydesk teamviewer zerotier-cli gdbserver";

/// Programs that send as much as they can.
const FLOODS: &str = "ab wrk wrk2 siege hey vegeta bombardier k6 locust h2load oha mz iperf iperf3";
/// Programs that run a command on many machines.
const FLEETS: &str = "pdsh dsh pssh parallel-ssh clush salt mco";
/// Programs whose words name hosts only to reach or find them.
const REACHERS: &str =
    "curl wget ping nc ncat grep rg git echo printf test [ dig host nslookup ssh";

/// It listens to every machine, or wherever it is told to.
fn listens(leaf: &Leaf) -> bool {
    let anywhere = |text: &str| {
        ["0.0.0.0", "[::]", "--listen", "--host=::", "INADDR_ANY"]
            .iter()
            .any(|part| text.contains(part))
    };
    let serves = leaf.is(&["npx", "bunx", "busybox", "ruby"])
        && leaf.has_arg(&["http-server", "serve", "httpd"]);
    let words = leaf.args().iter().any(|word| anywhere(&word.text));
    serves || leaf.is(&["miniserve"]) || (words && !among(REACHERS, &leaf.name()))
}

fn floods(leaf: &Leaf) -> bool {
    let here = |text: &str| text.contains("localhost") || text.contains("127.0.0.1");
    let away = !leaf.args().iter().any(|word| here(&word.text));
    let sends = among(FLOODS, &leaf.name()) && leaf.operands().count() > 0;
    (sends && away) || (leaf.is(&["ping"]) && leaf.short('f'))
}

fn why(leaf: &Leaf) -> Option<&'static str> {
    if floods(leaf) {
        return Some("It sends another machine as much as it can.");
    }
    if among(FLEETS, &leaf.name()) && leaf.args().len() > 1 {
        return Some("It runs a command on many machines.");
    }
    let gives = match leaf.name().as_str() {
        "nc" | "ncat" | "netcat" | "nc.traditional" | "nc.openbsd" => {
            leaf.short('e')
                || leaf.short('c')
                || leaf.short('l')
                || leaf.long("exec")
                || leaf.long("sh-exec")
                || leaf.long("listen")
        }
        "socat" => leaf.args().iter().any(|word| {
            let text = word.text.to_ascii_lowercase();
            ["exec:", "system:", "listen", "pty"]
                .iter()
                .any(|part| text.contains(part))
        }),
        "ssh" | "autossh" => {
            leaf.short('R')
                || leaf.short('D')
                || leaf.short('L')
                || leaf.short('w')
                || leaf.short('A')
                || leaf.args().iter().any(|word| {
                    word.text.contains("StrictHostKeyChecking=no")
                        || word.text.contains("RemoteForward")
                })
        }
        "telnet" | "rsh" | "rlogin" => true,
        "openssl" => leaf.has_arg(&["s_client", "s_server"]),
        "chisel" | "frpc" | "ngrok" | "bore" | "msfvenom" | "msfconsole" | "pwncat"
        | "cryptcat" | "ligolo" | "gost" | "hydra" | "sqlmap" | "john" | "hashcat" | "nikto"
        | "aircrack-ng" | "responder" | "tmate" | "ttyd" | "gotty" | "sshd" | "dropbear"
        | "telnetd" | "in.telnetd" | "rshd" | "weevely" | "sliver" | "ptunnel" | "iodine"
        | "dnscat" | "dnscat2" | "localtunnel" | "lt" | "pagekite" | "x11vnc" | "vncserver"
        | "code-server" | "wetty" | "shellinaboxd" => true,
        "xterm" | "xeyes" | "rxvt" | "urxvt" => leaf.has_arg_start("-display"),
        "tailscale" => leaf.has_arg(&["funnel", "serve", "ssh"]),
        "npx" | "bunx" | "serve" | "http-server" | "miniserve" | "caddy" | "darkhttpd" => {
            let serves = leaf.is(&["serve", "http-server", "miniserve", "caddy", "darkhttpd"])
                || leaf.has_arg(&["serve", "http-server", "localtunnel"]);
            serves
                && leaf
                    .operands()
                    .any(|word| word.text.starts_with(['~', '/']) || word.text.contains(".."))
                || leaf.has_arg(&["localtunnel"])
        }
        "python" | "python3" => leaf.has_arg(&["http.server", "SimpleHTTPServer", "pyftpdlib"]),
        "php" => leaf.short('S'),
        "mknod" | "mkfifo" => false,
        "nmap" | "masscan" | "zmap" => true,
        name => among(ATTACKS, name),
    };
    let pipe_file = leaf.is(&["mkfifo", "mknod"])
        && (leaf.has_arg(&["p"]) || leaf.is(&["mkfifo"]))
        && leaf.args().iter().any(|word| {
            word.text.starts_with("/tmp")
                || word.text.starts_with("/dev/shm")
                || word.text.starts_with("/var/tmp")
        });
    (gives || pipe_file || listens(leaf)).then_some("It opens a way into or out of this machine.")
}
