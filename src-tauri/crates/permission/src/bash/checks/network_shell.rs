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

fn why(leaf: &Leaf) -> Option<&'static str> {
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
    (gives || pipe_file).then_some("It opens a way into or out of this machine.")
}
