//! Channels that keep every byte they were sent. One answers; one takes its time, and hangs up on
//! whatever it hears for the first time, so that the sender cannot know.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// One request that arrived whole.
#[derive(Clone, Debug)]
pub struct Received {
    pub id: String,
    pub body: String,
}

/// A listening webhook.
pub struct Channel {
    pub port: u16,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Channel {
    /// Opens it; with `hangs_up`, the first request with a `webhook-id` gets no answer.
    pub fn open(hangs_up: bool) -> Channel {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let received = Arc::new(Mutex::new(Vec::new()));
        let kept = received.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = kept.clone();
                std::thread::spawn(move || take(stream, &kept, hangs_up));
            }
        });
        Channel { port, received }
    }

    /// Everything that has arrived.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().expect("nobody has burst").clone()
    }
}

fn take(stream: TcpStream, kept: &Mutex<Vec<Received>>, hangs_up: bool) {
    let mut reader = BufReader::new(stream);
    while let Some(received) = read(&mut reader) {
        let is_new = {
            let mut kept = kept.lock().expect("nobody has burst");
            let is_new = !kept.iter().any(|other| other.id == received.id);
            kept.push(received);
            is_new
        };
        if hangs_up {
            std::thread::sleep(Duration::from_millis(10));
            if is_new {
                return;
            }
        }
        let answer = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n";
        if reader.get_mut().write_all(answer).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Received> {
    let (mut id, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            match name.to_ascii_lowercase().as_str() {
                "webhook-id" => id = value.trim().to_owned(),
                "content-length" => length = value.trim().parse().ok()?,
                _ => {}
            }
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Received {
        id,
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}
