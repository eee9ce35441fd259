//! What is decided once for all clients of a run.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;

use crate::error::Result;
use crate::policy::Policy;

use super::error::Error;
use super::tls;

/// How the clients of a run behave.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What may be reached.
    pub policy: Policy,
    /// PEM files of certificate authorities that are trusted beside the system's (`--cacert`).
    pub extra_roots: Vec<PathBuf>,
    /// Accept every certificate (`--insecure`).
    pub insecure: bool,
    /// The most bytes of one body, decoded, that are handed over: more is [`Error::TooLarge`].
    pub body_limit: u64,
    /// The limit for look-up, TCP and TLS together, for requests that set none of their own.
    pub connect_timeout: Option<Duration>,
    /// The `user-agent` of requests that bring none of their own.
    pub user_agent: String,
    /// How many idle HTTP/1.1 connections one client keeps; the one idle longest is closed first.
    pub idle_connections: usize,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            policy: Policy::default(),
            extra_roots: Vec::new(),
            insecure: false,
            body_limit: 16 << 20,
            connect_timeout: None,
            user_agent: concat!("gorgon/", env!("CARGO_PKG_VERSION")).to_owned(),
            idle_connections: 64,
        }
    }
}

/// The settings of a run and what was made of them, shared by its clients and never changed.
#[derive(Debug)]
pub struct Shared {
    pub(super) settings: Settings,
    extra_roots: Vec<CertificateDer<'static>>,
    /// Made when https is first used: reading the system's certificates takes milliseconds, and most runs need none.
    tls: OnceLock<Result<Arc<ClientConfig>, String>>,
}

impl Shared {
    /// Reads the extra certificate authorities.
    ///
    /// # Errors
    /// A file of `extra_roots` cannot be read or holds no certificate.
    pub fn new(settings: Settings) -> Result<Arc<Shared>> {
        let extra_roots = tls::read_roots(&settings.extra_roots)?;
        Ok(Arc::new(Shared {
            settings,
            extra_roots,
            tls: OnceLock::new(),
        }))
    }

    /// What may be reached.
    pub fn policy(&self) -> &Policy {
        &self.settings.policy
    }

    /// The most bytes of one body that are handed over.
    pub fn body_limit(&self) -> u64 {
        self.settings.body_limit
    }

    pub(super) fn tls(&self) -> Result<Arc<ClientConfig>, Error> {
        self.tls
            .get_or_init(|| {
                tls::configuration(&self.extra_roots, self.settings.insecure).map(Arc::new)
            })
            .clone()
            .map_err(Error::Tls)
    }
}
