//! Servers that do with a connection exactly what a test says.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

/// A server that hands each connection to a function, on a thread of its own. Dropping it stops it.
pub(crate) struct RawServer {
    address: SocketAddr,
    stopping: Arc<AtomicBool>,
    connections: Arc<AtomicU64>,
    open: Arc<Mutex<Vec<TcpStream>>>,
    accepting: Option<JoinHandle<()>>,
}

impl RawServer {
    pub(crate) fn start(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> RawServer {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let stopping = Arc::new(AtomicBool::new(false));
        let connections = Arc::new(AtomicU64::new(0));
        let open = Arc::new(Mutex::new(Vec::new()));
        let accepting = {
            let (stopping, connections, open) =
                (stopping.clone(), connections.clone(), open.clone());
            let serve = Arc::new(serve);
            std::thread::spawn(move || {
                for stream in listener.incoming().map_while(Result::ok) {
                    if stopping.load(Ordering::SeqCst) {
                        break;
                    }
                    connections.fetch_add(1, Ordering::SeqCst);
                    let kept = stream.try_clone().expect("a second handle");
                    open.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(kept);
                    let serve = Arc::clone(&serve);
                    std::thread::spawn(move || serve(stream));
                }
            })
        };
        RawServer {
            address,
            stopping,
            connections,
            open,
            accepting: Some(accepting),
        }
    }

    /// One that gives every request without a body this answer.
    pub(crate) fn answering(answer: &'static str) -> RawServer {
        RawServer::start(move |stream| {
            // A client that goes away ends its connection, nothing else.
            let _ = serve(&stream, answer, |_| {});
        })
    }

    /// One that accepts and then says nothing.
    pub(crate) fn silent() -> RawServer {
        RawServer::start(|stream| {
            let mut lines = BufReader::new(stream).lines();
            while let Some(Ok(_)) = lines.next() {}
        })
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> u64 {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        for stream in self
            .open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain(..)
        {
            // Fails where the other side has closed it.
            let _ = stream.shutdown(Shutdown::Both);
        }
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

/// A server that answers every request with 200 and counts how often each path was asked for.
pub(crate) struct Tally {
    server: RawServer,
    seen: Arc<Mutex<BTreeMap<String, u64>>>,
}

impl Tally {
    pub(crate) fn start() -> Tally {
        let seen = Arc::new(Mutex::new(BTreeMap::new()));
        let server = {
            let seen = Arc::clone(&seen);
            RawServer::start(move |stream| {
                // As above.
                let _ = serve(
                    &stream,
                    "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
                    |path| {
                        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                        *seen.entry(path.to_owned()).or_default() += 1;
                    },
                );
            })
        };
        Tally { server, seen }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        self.server.url(path)
    }

    /// How often each path was asked for.
    pub(crate) fn seen(&self) -> BTreeMap<String, u64> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// A server that tells of every request as it comes, and answers it with 200 when the test allows it.
pub(crate) struct Gate {
    server: RawServer,
    asked: mpsc::Receiver<String>,
    open: mpsc::Sender<()>,
}

impl Gate {
    pub(crate) fn closed() -> Gate {
        let (tell, asked) = mpsc::channel();
        let (open, opened) = mpsc::channel::<()>();
        let opened = Mutex::new(opened);
        let server = RawServer::start(move |stream| {
            // As above.
            let _ = serve(
                &stream,
                "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
                |path| {
                    // The test may have seen enough.
                    let _ = tell.send(path.to_owned());
                    // One message for each answer; once the sender is gone nothing is held any more.
                    let _ = opened.lock().unwrap_or_else(PoisonError::into_inner).recv();
                },
            );
        });
        Gate {
            server,
            asked,
            open,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        self.server.url(path)
    }

    /// Waits for the next request and returns its path.
    #[track_caller]
    pub(crate) fn asked(&self) -> String {
        self.asked
            .recv_timeout(Duration::from_secs(300))
            .expect("the run makes requests")
    }

    /// How many requests have come that nobody has [waited for](Gate::asked).
    pub(crate) fn waiting(&self) -> usize {
        self.asked.try_iter().count()
    }

    /// Answers one request, one that waits or the next one.
    pub(crate) fn answer_one(&self) {
        // The server lives as long as this.
        let _ = self.open.send(());
    }

    /// Answers all requests from now on. The server is what is left, and the paths that were asked for.
    pub(crate) fn open(self) -> (RawServer, mpsc::Receiver<String>) {
        (self.server, self.asked)
    }
}

/// Reads requests without bodies from a connection and answers each.
fn serve(stream: &TcpStream, answer: &str, mut asked: impl FnMut(&str)) -> std::io::Result<()> {
    let mut writer = stream;
    let mut lines = BufReader::new(stream).lines();
    while let Some(request) = lines.next().transpose()? {
        while lines
            .next()
            .transpose()?
            .is_some_and(|header| !header.is_empty())
        {}
        asked(request.split(' ').nth(1).unwrap_or(""));
        writer.write_all(answer.as_bytes())?;
    }
    Ok(())
}
