//! A listener that notes every call, and a directory that answers as it is told; only tests use them.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::resolve::Lookup;
use super::*;

/// What a listener does with a request; the text is the request's head and whatever came with it.
pub(super) type Behaviour = Arc<dyn Fn(&str) -> Act + Send + Sync>;

pub(super) enum Act {
    Answer(String),
    HangUp,
    /// Sends the text, then one byte every 20 ms for ever.
    Drip(String),
    /// Sends the text, then as many bytes as the other side takes.
    Flood(String),
}

pub(super) struct Listener {
    pub(super) port: u16,
    pub(super) connections: Arc<AtomicUsize>,
    pub(super) heard: Arc<Mutex<Vec<String>>>,
}

impl Listener {
    pub(super) async fn new(behaviour: impl Fn(&str) -> Act + Send + Sync + 'static) -> Self {
        // Both families where the machine has both.
        let socket = match TcpListener::bind("[::]:0").await {
            Ok(socket) => socket,
            Err(_no_v6) => TcpListener::bind("0.0.0.0:0").await.expect("a port"),
        };
        let listener = Listener {
            port: socket.local_addr().expect("an address").port(),
            connections: Arc::default(),
            heard: Arc::default(),
        };
        let (connections, heard) = (
            Arc::clone(&listener.connections),
            Arc::clone(&listener.heard),
        );
        let behaviour: Behaviour = Arc::new(behaviour);
        tokio::spawn(async move {
            while let Ok((stream, _)) = socket.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, Arc::clone(&behaviour), Arc::clone(&heard)));
            }
        });
        listener
    }

    pub(super) async fn canary() -> Self {
        Self::new(|_| Act::Answer(ok("tweet"))).await
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(super) fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("not poisoned").clone()
    }

    pub(super) fn url(&self, path: &str) -> Url {
        url(&format!("http://127.0.0.1:{}{path}", self.port))
    }
}

pub(super) async fn serve(
    mut stream: TcpStream,
    behaviour: Behaviour,
    heard: Arc<Mutex<Vec<String>>>,
) {
    let mut request = Vec::new();
    let mut piece = [0u8; 4096];
    while !whole(&request) {
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return,
            Ok(n) => request.extend_from_slice(piece.get(..n).unwrap_or_default()),
        }
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let act = behaviour(&request);
    heard.lock().expect("not poisoned").push(request);
    match act {
        Act::HangUp => {}
        Act::Answer(text) => drop(stream.write_all(text.as_bytes()).await),
        Act::Drip(text) => {
            let mut going = stream.write_all(text.as_bytes()).await;
            while going.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
                going = stream.write_all(b"x").await;
            }
        }
        Act::Flood(text) => {
            let mut going = stream.write_all(text.as_bytes()).await;
            while going.is_ok() {
                going = stream.write_all(&[0; 65_536]).await;
            }
        }
    }
}

pub(super) fn whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.to_lowercase().lines().find_map(|line| {
        line.strip_prefix("content-length: ")
            .and_then(|n| n.parse::<usize>().ok())
    });
    body.len() >= length.unwrap_or(0)
}

pub(super) fn ok(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

pub(super) fn found(to: &str) -> String {
    format!(
        "HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
}

/// Answers by script: each lookup takes the next answer, the last one stays.
#[derive(Default)]
pub(super) struct Script(pub(super) Mutex<HashMap<String, Vec<Vec<IpAddr>>>>);

impl Script {
    pub(super) fn of(name: &str, answers: &[&[&str]]) -> Arc<Self> {
        let answers = answers
            .iter()
            .map(|ips| {
                ips.iter()
                    .map(|ip| ip.parse().expect("an address"))
                    .collect()
            })
            .collect();
        Arc::new(Script(Mutex::new(HashMap::from([(
            name.to_owned(),
            answers,
        )]))))
    }
}

impl Directory for Script {
    fn lookup(&self, name: &str) -> Lookup {
        let mut names = self.0.lock().expect("not poisoned");
        let answer = match names.get_mut(name) {
            Some(answers) if answers.len() > 1 => Ok(answers.remove(0)),
            Some(answers) => Ok(answers.first().cloned().unwrap_or_default()),
            None => Err(io::Error::other("no such name")),
        };
        Box::pin(std::future::ready(answer))
    }
}

/// An address that is one.
pub(super) fn url(text: &str) -> Url {
    Url::parse(text).expect("an address")
}
