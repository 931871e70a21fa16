//! One request over HTTP and its answer, waited for.

use std::io;
use std::time::Duration;

use axum::http::{Request, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::runtime::Builder;
use tokio::time::timeout;

use crate::RemoteError;
use crate::url::Place;

/// How long an answer is waited for.
const ANSWER_MAX: Duration = Duration::from_secs(10);

/// Bytes of an answer that are read.
const ANSWER_BYTES_MAX: usize = 4 << 20;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
}

/// Sends a request and waits for its answer.
pub(crate) fn exchange(
    place: &Place,
    method: &'static str,
    path: &str,
    headers: &[(&'static str, String)],
    body: String,
) -> Result<Answer, RemoteError> {
    let url = place.http(path);
    let failed = |source| RemoteError::Connect {
        url: url.clone(),
        source,
    };
    let addresses = place.addresses()?;
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, place.authority());
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let request = request
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| failed(io::Error::other(error)))?;
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(failed)?.block_on(async {
        let answer = async {
            let stream = TcpStream::connect(&*addresses).await.map_err(failed)?;
            answer(stream, request)
                .await
                .map_err(|found| RemoteError::NotPlasma {
                    url: url.clone(),
                    found,
                })
        };
        let late = || failed(io::ErrorKind::TimedOut.into());
        timeout(ANSWER_MAX, answer).await.map_err(|_| late())?
    })
}

/// The answer to a request on a connection, or what came instead.
async fn answer(stream: TcpStream, request: Request<Full<Bytes>>) -> Result<Answer, String> {
    let connected = http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = connected.map_err(|error| error.to_string())?;
    // Ends with the answer, and says there what it has to say.
    tokio::spawn(connection);
    let response = sender.send_request(request).await;
    let response = response.map_err(|error| error.to_string())?;
    let status = response.status().as_u16();
    let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX);
    let body = body.collect().await.map_err(|error| error.to_string())?;
    let text = String::from_utf8(body.to_bytes().into());
    Ok(Answer {
        status,
        text: text.map_err(|_| "the answer is no text".to_owned())?,
    })
}
