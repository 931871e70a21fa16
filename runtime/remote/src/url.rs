//! Where a running cluster is: the URLs by which it may be named.

use std::net::{SocketAddr, ToSocketAddrs as _};

use crate::{RemoteError, STREAM_PATH};

/// The port where a URL names none.
const PORT_DEFAULT: u16 = 80;

/// Where a running cluster is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Host and port.
    authority: String,
}

impl Place {
    /// Reads `ws://HOST:PORT`, perhaps with the stream's path, or `http://HOST:PORT`.
    pub(crate) fn parse(url: &str) -> Result<Place, RemoteError> {
        let wrong = |problem: &str| RemoteError::Url {
            url: url.to_owned(),
            problem: problem.to_owned(),
        };
        let Some((scheme, rest)) = url.split_once("://") else {
            return Err(wrong("it has no scheme"));
        };
        match scheme {
            "ws" | "http" => {}
            "wss" | "https" => {
                return Err(wrong("encryption is not spoken; let a proxy do it"));
            }
            _ => return Err(wrong("its scheme is neither ws nor http")),
        }
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        if !path.trim_end_matches('/').is_empty() && path != STREAM_PATH {
            return Err(wrong("its path is neither empty nor /events"));
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
        let host = authority
            .rsplit_once(':')
            .map_or(authority, |(host, _)| host);
        if host.is_empty() || !authority.chars().all(is_plain) {
            return Err(wrong("it names no host"));
        }
        let has_port = authority
            .rsplit_once(':')
            .is_some_and(|(_, port)| !port.contains(']'));
        Ok(Place {
            authority: match has_port {
                true => authority.to_owned(),
                false => format!("{authority}:{PORT_DEFAULT}"),
            },
        })
    }

    /// Host and port.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    /// The URL of the stream.
    pub(crate) fn stream(&self) -> String {
        format!("ws://{}{STREAM_PATH}", self.authority)
    }

    /// The URL of a path.
    pub(crate) fn http(&self, path: &str) -> String {
        format!("http://{}{path}", self.authority)
    }

    /// The addresses of the host.
    pub(crate) fn addresses(&self) -> Result<Vec<SocketAddr>, RemoteError> {
        let unknown = |problem: String| RemoteError::Url {
            url: self.stream(),
            problem,
        };
        let addresses = self.authority.to_socket_addrs();
        let addresses = addresses.map_err(|error| unknown(plasma_engine::system_text(&error)))?;
        let addresses: Vec<SocketAddr> = addresses.collect();
        match addresses.is_empty() {
            true => Err(unknown("its host has no address".to_owned())),
            false => Ok(addresses),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> String {
        match Place::parse(url) {
            Ok(place) => place.stream(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_cluster_has_several_urls() {
        let expected = "ws://localhost:9200/events";
        for url in [
            "ws://localhost:9200/events",
            "ws://localhost:9200",
            "ws://localhost:9200/",
            "http://localhost:9200",
        ] {
            assert_eq!(read(url), expected, "{url}");
        }
        assert_eq!(read("http://[::1]"), "ws://[::1]:80/events");
    }

    #[test]
    fn a_wrong_url_says_what_was_expected() {
        for (url, problem) in [
            ("localhost:9200", "it has no scheme"),
            ("ftp://localhost", "its scheme is neither ws nor http"),
            ("wss://localhost", "encryption is not spoken"),
            ("ws://localhost/other", "its path is neither"),
            ("ws://", "it names no host"),
            ("ws://:80", "it names no host"),
            ("ws://a b", "it names no host"),
            ("ws://user@host", "it names no host"),
        ] {
            let message = read(url);
            assert!(message.contains(problem), "{url}: {message}");
            assert!(message.contains("expected ws://HOST:PORT"), "{message}");
        }
    }
}
