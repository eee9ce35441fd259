//! What the requests of one client have in common.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use http::HeaderValue;
use rustls::ClientConfig;
use rustls::client::Resumption;
use tokio_rustls::TlsConnector;

use super::error::Error;
use super::pool::Pool;
use super::settings::Shared;
use super::target::Target;
use super::traffic::{Meter, Traffic};

/// How many URLs are kept taken apart.
const TARGETS: usize = 64;

/// How many TLS sessions a client remembers to resume.
const TLS_SESSIONS: usize = 8;

/// The inside of a client, shared with the requests it has in flight.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) shared: Arc<Shared>,
    pub(super) meter: Arc<Meter>,
    pub(super) user_agent: HeaderValue,
    /// Never contended: a client and its requests live on one thread. The lock is there for the compiler, because the
    /// futures of a client have to be `Send`, and costs a few nanoseconds.
    state: Mutex<State>,
    tls: OnceLock<Arc<ClientConfig>>,
}

/// What changes.
#[derive(Debug)]
pub(super) struct State {
    pub(super) pool: Pool,
    pub(super) traffic: Traffic,
    targets: HashMap<String, Arc<Target>>,
}

impl Core {
    pub(super) fn new(shared: Arc<Shared>) -> Core {
        let state = State {
            pool: Pool::new(shared.settings.idle_connections),
            traffic: Traffic::default(),
            targets: HashMap::new(),
        };
        let user_agent = HeaderValue::from_str(&shared.settings.user_agent);
        Core {
            shared,
            meter: Arc::default(),
            user_agent: user_agent.unwrap_or(HeaderValue::from_static("gorgon")),
            state: Mutex::new(state),
            tls: OnceLock::new(),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A URL, taken apart and admitted. Operations ask for the same few again and again.
    pub(super) fn target(&self, url: &str) -> Result<Arc<Target>, Error> {
        if let Some(target) = self.state().targets.get(url) {
            return Ok(target.clone());
        }
        let target = Target::parse(url, &self.shared.settings.policy)?;
        let targets = &mut self.state().targets;
        if targets.len() >= TARGETS {
            targets.clear();
        }
        targets.insert(url.to_owned(), target.clone());
        Ok(target)
    }

    /// What makes TLS connections. Each client resumes its own sessions and nobody else's, as the users that it stands
    /// for would.
    pub(super) fn connector(&self) -> Result<TlsConnector, Error> {
        if let Some(config) = self.tls.get() {
            return Ok(config.clone().into());
        }
        let mut config = (*self.shared.tls()?).clone();
        config.resumption = Resumption::in_memory_sessions(TLS_SESSIONS);
        Ok(self.tls.get_or_init(|| Arc::new(config)).clone().into())
    }
}
