use std::{
    ffi::OsStr,
    fs,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use super::Network;
use crate::spec::Accelerator;

/// The user id inside.
const USER: &str = "1000";

/// Parts of `/etc` that programs need and that contain no secret.
const SETTINGS: [&str; 11] = [
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/alternatives",
    "/etc/localtime",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/etc/ca-certificates",
    "/etc/pki",
    "/etc/fonts",
    "/etc/mime.types",
];

/// Parts of `/etc` that name other machines.
const NETWORK_SETTINGS: [&str; 5] =
    ["/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/services", "/etc/protocols"];

/// The minimum size of a tmpfs.
const NOTHING: &str = "4096";

/// A folder or file that is mounted at another path inside.
#[derive(Clone, Debug)]
pub(crate) struct Bind {
    pub(crate) from: PathBuf,
    pub(crate) to: PathBuf,
    pub(crate) is_writable: bool,
}

/// The configuration of the sandbox.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) network: Network,
    pub(crate) shared_memory_bytes: u64,
    /// In this order.
    pub(crate) binds: Vec<Bind>,
    /// Mounted read-only at the same path, even below a bound folder: the interpreter's folders.
    pub(crate) read_only: Vec<PathBuf>,
    pub(crate) accelerators: Vec<Accelerator>,
    /// Folders that must stay invisible even if a parent folder is visible.
    pub(crate) hidden: Vec<PathBuf>,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) directory: PathBuf,
}

impl Plan {
    /// The options of bubblewrap, each terminated by a NUL, to be read from a descriptor: an environment in
    /// an argument list would be readable by everyone on the machine.
    pub(crate) fn options(&self, filter: Option<u32>) -> Vec<u8> {
        let mut options = Options(Vec::new());
        options.words([
            "--unshare-user",
            "--unshare-ipc",
            "--unshare-pid",
            "--unshare-uts",
            "--unshare-cgroup-try",
        ]);
        if self.network == Network::None {
            options.words(["--unshare-net"]);
        }
        options.words(["--uid", USER, "--gid", USER, "--hostname", "task"]);
        options.words(["--die-with-parent", "--new-session", "--clearenv"]);
        if let Some(descriptor) = filter {
            options.words(["--seccomp", &descriptor.to_string()]);
        }
        self.system(&mut options);
        self.devices(&mut options);
        for bind in &self.binds {
            options.paths(if bind.is_writable { "--bind" } else { "--ro-bind" }, &bind.from, &bind.to);
        }
        for prefix in &self.read_only {
            options.paths("--ro-bind", prefix, prefix);
        }
        for hidden in self.hidden.iter().filter(|hidden| self.would_be_seen(hidden)) {
            options.words(["--size", NOTHING, "--tmpfs"]);
            options.word(hidden);
            options.words(["--remount-ro"]);
            options.word(hidden);
        }
        // Intermediate folders are on a tmpfs that no limit covers. Kernel settings are writable by the
        // machine's root, which is what the task is to the kernel if the server runs as root.
        for made in ["/proc", "/dev", "/"] {
            options.words(["--remount-ro", made]);
        }
        for (name, value) in &self.environment {
            options.words(["--setenv", name, value]);
        }
        options.words(["--chdir"]);
        options.word(&self.directory);
        options.0
    }

    fn system(&self, options: &mut Options) {
        options.paths("--ro-bind", Path::new("/usr"), Path::new("/usr"));
        for folder in ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"] {
            match fs::read_link(folder) {
                Ok(target) => options.paths("--symlink", &target, Path::new(folder)),
                Err(_) => options.paths("--ro-bind-try", Path::new(folder), Path::new(folder)),
            }
        }
        let network = match self.network {
            Network::None => &[],
            Network::Own | Network::Host => NETWORK_SETTINGS.as_slice(),
        };
        for path in ["/nix/store"].iter().chain(&SETTINGS).chain(network) {
            options.paths("--ro-bind-try", Path::new(path), Path::new(path));
        }
        options.words(["--proc", "/proc", "--dev", "/dev"]);
        options.words(["--size", &self.shared_memory_bytes.max(1 << 20).to_string(), "--tmpfs", "/dev/shm"]);
    }

    fn devices(&self, options: &mut Options) {
        if self.accelerators.is_empty() {
            return;
        }
        options.paths("--ro-bind-try", Path::new("/sys"), Path::new("/sys"));
        for device in self.accelerators.iter().flat_map(device_files) {
            options.paths("--dev-bind-try", &device, &device);
        }
    }

    fn would_be_seen(&self, hidden: &Path) -> bool {
        hidden.starts_with("/usr") || self.read_only.iter().any(|prefix| hidden.starts_with(prefix))
    }
}

/// The device files of one card, including those shared by all cards of its vendor.
fn device_files(card: &Accelerator) -> Vec<PathBuf> {
    let (own, shared): (String, &[&str]) = match card.vendor.as_str() {
        "nvidia" => (
            format!("/dev/nvidia{}", card.index),
            &["/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-uvm-tools", "/dev/nvidia-modeset"],
        ),
        "ascend" | "huawei" => (
            format!("/dev/davinci{}", card.index),
            &["/dev/davinci_manager", "/dev/devmm_svm", "/dev/hisi_hdc"],
        ),
        _ => return Vec::new(),
    };
    shared.iter().map(PathBuf::from).chain([PathBuf::from(own)]).collect()
}

struct Options(Vec<u8>);

impl Options {
    fn word(&mut self, word: impl AsRef<OsStr>) {
        self.0.extend(word.as_ref().as_bytes());
        self.0.push(0);
    }

    fn words<const N: usize>(&mut self, words: [&str; N]) {
        for word in words {
            self.word(word);
        }
    }

    fn paths(&mut self, option: &str, from: &Path, to: &Path) {
        self.word(option);
        self.word(from);
        self.word(to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        Plan {
            network: Network::None,
            shared_memory_bytes: 0,
            read_only: vec!["/opt/python".into()],
            binds: vec![],
            accelerators: vec![],
            hidden: vec!["/opt/python/data".into(), "/srv/data".into()],
            environment: vec![("TOKEN".to_owned(), "a secret".to_owned())],
            directory: "/tmp/code".into(),
        }
    }

    fn words(plan: &Plan) -> Vec<String> {
        let options = plan.options(Some(4));
        options.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned()).collect()
    }

    #[test]
    fn the_network_is_kept_only_when_asked() {
        let is_cut = |network| words(&Plan { network, ..plan() }).contains(&"--unshare-net".to_owned());
        assert!(is_cut(Network::None));
        assert!(!is_cut(Network::Own) && !is_cut(Network::Host));
    }

    #[test]
    fn a_hidden_folder_under_a_visible_one_is_covered() {
        let words = words(&plan());
        let covered: Vec<_> =
            words.windows(2).filter(|pair| pair[0] == "--tmpfs").map(|pair| &pair[1]).collect();
        assert_eq!(covered, ["/dev/shm", "/opt/python/data"]);
    }

    #[test]
    fn a_card_brings_its_own_device_and_no_other() {
        let card = Accelerator { vendor: "nvidia".into(), model: "x".into(), index: 3 };
        let words = words(&Plan { accelerators: vec![card], ..plan() });
        assert!(words.contains(&"/dev/nvidia3".to_owned()));
        assert!(!words.contains(&"/dev/nvidia0".to_owned()));
    }
}
