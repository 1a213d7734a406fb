//! Three channels outside, of the three classes, spoken to over real HTTP: a webhook that knows repetitions (A), a Slack
//! room that can be asked (B), and a Discord webhook that can do neither (C). Each can be told at which byte of a request
//! the program is to die, and to hang up after it took something.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

/// What the channel is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Face {
    /// A webhook: class A.
    Keyed,
    /// A bot of Slack: class B.
    Asked,
    /// A webhook of Discord: class C.
    Blind,
}

pub const FACES: [Face; 3] = [Face::Keyed, Face::Asked, Face::Blind];

/// Where in a send the program dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// Somewhere between the claim and the first byte.
    Before,
    /// The connection stands, no byte has been read.
    Connected,
    /// The head of the request is there, the body is not read.
    Head,
    /// The whole request is there, and the channel loses it.
    Lost,
    /// It was taken; not a byte of the answer has left.
    Taken,
    /// It was taken, and half of the answer has left.
    HalfAnswered,
    /// It was taken and answered: the result is being written, or just was.
    Answered,
    /// It was taken, and the connection is closed without a word; a moment later the program dies.
    HungUp,
    /// The channel is asked what became of it (or, where nobody asks, it is taken as usual).
    ReadBack,
}

/// The most telling ones first: a short run comes no further than these.
pub const MOMENTS: [Moment; 9] = [
    Moment::Taken,
    Moment::HungUp,
    Moment::Answered,
    Moment::Lost,
    Moment::ReadBack,
    Moment::HalfAnswered,
    Moment::Before,
    Moment::Connected,
    Moment::Head,
];

/// One thing that stands there.
#[derive(Clone, Debug)]
struct Post {
    key: String,
    body: Value,
}

#[derive(Default)]
struct Inside {
    posts: Vec<Post>,
    requests: usize,
    reads: usize,
    /// The next request meets this.
    armed: Option<Moment>,
}

/// One channel.
pub struct Channel {
    pub face: Face,
    pub base: String,
    inside: Arc<Mutex<Inside>>,
    /// Says that the moment has come, and waits until the program is dead.
    reached: Mutex<Receiver<SyncSender<()>>>,
}

impl Channel {
    pub fn open(face: Face) -> Channel {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let inside = Arc::new(Mutex::new(Inside::default()));
        let (tell, reached) = sync_channel(16);
        let kept = inside.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, tell) = (kept.clone(), tell.clone());
                std::thread::spawn(move || {
                    // The other side dies in the middle: that is what this is for.
                    drop(serve(face, &stream, &kept, &tell));
                });
            }
        });
        Channel {
            face,
            base,
            inside,
            reached: Mutex::new(reached),
        }
    }

    pub fn arm(&self, moment: Option<Moment>) {
        self.inside.lock().expect("nobody has burst").armed = moment;
    }

    /// Waits for the moment; answers how the waiting thread is let go, once the program is dead.
    pub fn wait(&self, patience: Duration) -> Option<SyncSender<()>> {
        let reached = self.reached.lock().expect("nobody has burst");
        reached.recv_timeout(patience).ok()
    }

    /// How often something with this mark stands there.
    pub fn there(&self, mark: &str) -> usize {
        let inside = self.inside.lock().expect("nobody has burst");
        let holds = |post: &&Post| post.body.to_string().contains(mark);
        match self.face {
            // A webhook counts by its id: a repetition is the same message.
            Face::Keyed => {
                let keys: BTreeMap<&str, ()> = inside
                    .posts
                    .iter()
                    .filter(holds)
                    .map(|post| (post.key.as_str(), ()))
                    .collect();
                keys.len()
            }
            Face::Asked | Face::Blind => inside.posts.iter().filter(holds).count(),
        }
    }

    /// Requests that arrived whole and were to post something, and questions.
    pub fn heard(&self) -> (usize, usize) {
        let inside = self.inside.lock().expect("nobody has burst");
        (inside.requests, inside.reads)
    }
}

/// The moment has come: somebody kills the program, and only then this goes on.
fn die(tell: &SyncSender<SyncSender<()>>) {
    let (let_go, gone) = sync_channel(1);
    if tell.send(let_go).is_ok() {
        let _dead = gone.recv_timeout(Duration::from_secs(30));
    }
}

fn serve(
    face: Face,
    stream: &TcpStream,
    kept: &Mutex<Inside>,
    tell: &SyncSender<SyncSender<()>>,
) -> std::io::Result<()> {
    let armed = kept.lock().expect("nobody has burst").armed;
    if armed == Some(Moment::Connected) {
        take_armed(kept);
        die(tell);
        return Ok(());
    }
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let says = line.starts_with("POST");
    let path = line
        .split_whitespace()
        .nth(1)
        .unwrap_or_default()
        .to_owned();
    let (mut key, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.trim().split_once(':') {
            match name.to_ascii_lowercase().as_str() {
                "webhook-id" => key = value.trim().to_owned(),
                "content-length" => length = value.trim().parse().unwrap_or(0),
                _ => {}
            }
        }
    }
    let now = match kept.lock().expect("nobody has burst").armed {
        Some(Moment::ReadBack) if says && face == Face::Asked => None,
        Some(Moment::ReadBack) if !says && !path.contains("conversations.history") => None,
        // Only what posts something meets the others.
        Some(moment) if !says && moment != Moment::ReadBack => None,
        now => now,
    };
    if now.is_some() {
        take_armed(kept);
    }
    if now == Some(Moment::Head) {
        die(tell);
        return Ok(());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let answer = {
        let mut inside = kept.lock().expect("nobody has burst");
        if says {
            inside.requests += 1;
        } else {
            inside.reads += 1;
        }
        if now == Some(Moment::Lost) {
            drop(inside);
            die(tell);
            return Ok(());
        }
        answer(face, &mut inside, says, &path, key, body)
    };
    let bytes = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{answer}",
        answer.len()
    );
    let mut out = stream;
    match now {
        Some(Moment::Taken | Moment::ReadBack) => {
            die(tell);
            return Ok(());
        }
        Some(Moment::HalfAnswered) => {
            out.write_all(&bytes.as_bytes()[..bytes.len() / 2])?;
            out.flush()?;
            die(tell);
            return Ok(());
        }
        Some(Moment::HungUp) => {
            stream.shutdown(std::net::Shutdown::Both)?;
            die(tell);
            return Ok(());
        }
        _ => {}
    }
    out.write_all(bytes.as_bytes())?;
    out.flush()?;
    if now == Some(Moment::Answered) {
        die(tell);
    }
    Ok(())
}

fn take_armed(kept: &Mutex<Inside>) {
    kept.lock().expect("nobody has burst").armed = None;
}

fn answer(
    face: Face,
    inside: &mut Inside,
    says: bool,
    path: &str,
    key: String,
    body: Value,
) -> String {
    if says {
        inside.posts.push(Post { key, body });
    }
    let number = inside.posts.len();
    let stamp = |number: usize| format!("{}.{number:06}", 4_000_000_000_u64);
    match face {
        Face::Keyed => String::new(),
        Face::Blind => json!({ "id": number.to_string(), "channel_id": "778899" }).to_string(),
        Face::Asked if says => {
            json!({ "ok": true, "channel": "C024BE91L", "ts": stamp(number) }).to_string()
        }
        Face::Asked if path.contains("conversations.history") => {
            let messages: Vec<Value> = inside
                .posts
                .iter()
                .enumerate()
                .map(|(at, post)| {
                    json!({ "type": "message", "ts": stamp(at + 1), "text": post.body["text"],
                        "metadata": post.body["metadata"] })
                })
                .collect();
            json!({ "ok": true, "messages": messages }).to_string()
        }
        Face::Asked => {
            json!({ "ok": true, "permalink": "https://museum.slack.com/archives/C024BE91L/p1" })
                .to_string()
        }
    }
}
