//! nginx, which answers from memory and counts what it was asked.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::{Result, pinned};

const CONFIGURATION: &str = include_str!("../peers/nginx.conf");

/// How long it may take to begin.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server that is stopped when dropped.
#[derive(Debug)]
pub(crate) struct Nginx {
    child: Child,
    address: String,
    _folder: TempDir,
}

impl Nginx {
    /// Serves `/` and `/tx/…` on a free port of the loopback.
    #[expect(
        clippy::disallowed_methods,
        reason = "how long somebody waits for a server is no figure"
    )]
    pub(crate) fn start() -> Result<Nginx> {
        let folder = tempfile::tempdir()?;
        // nginx cannot tell which port it took, so it is given one that was free a moment ago.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let configuration = CONFIGURATION.replace("PORT", &address.port().to_string());
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, configuration)?;
        let child = pinned::server("nginx")
            .env("PATH", "/usr/sbin:/usr/bin:/bin:/usr/local/bin")
            .arg("-p")
            .arg(folder.path())
            .arg("-c")
            .arg(&file)
            .stdin(Stdio::null())
            .spawn()
            .map_err(|cause| {
                format!("cannot start nginx ({cause}): run benches/peers/install.sh")
            })?;
        let nginx = Nginx {
            child,
            address: address.to_string(),
            _folder: folder,
        };
        let begun = Instant::now();
        while TcpStream::connect(&nginx.address).is_err() {
            if begun.elapsed() > PATIENCE {
                return Err("nginx does not answer: run benches/peers/install.sh".into());
            }
            std::thread::park_timeout(Duration::from_millis(20));
        }
        Ok(nginx)
    }

    /// Its root.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// How many requests it has had so far, these questions included.
    pub(crate) fn counted(&self) -> Result<u64> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.write_all(b"GET /counted HTTP/1.0\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        // `server accepts handled requests`, and below it the three numbers.
        let mut lines = answer
            .lines()
            .skip_while(|line| !line.starts_with("server"));
        let numbers = lines.nth(1).unwrap_or_default();
        let requests = numbers.split_whitespace().nth(2);
        let requests = requests.and_then(|number| number.parse().ok());
        Ok(requests.ok_or("nginx does not count")?)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its worker ends with it, if it is asked rather than killed.
        crate::system::terminate(&self.child);
        let _ = self.child.wait();
    }
}
