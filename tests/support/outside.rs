//! A service outside, spoken to over real HTTP: a test says what it answers, and everything it was asked is kept.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Such as `POST`.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The bytes of the body.
    pub body: Vec<u8>,
}

impl Asked {
    /// A header's value; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The fields of a form or of the query.
    pub fn fields(&self) -> Vec<(String, String)> {
        let query = self.path.split_once('?').map_or("", |(_, query)| query);
        let read = |bytes: &[u8]| -> Vec<(String, String)> {
            url::form_urlencoded::parse(bytes).into_owned().collect()
        };
        let mut fields = read(query.as_bytes());
        if self.header("content-type").contains("form-urlencoded") {
            fields.extend(read(&self.body));
        }
        fields
    }

    /// One field.
    pub fn field(&self, name: &str) -> Option<String> {
        let found = self.fields().into_iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value)
    }

    /// The fields of a form with files in it (RFC 7578): the head of each part, and its bytes.
    pub fn parts(&self) -> Vec<Part> {
        let kind = self.header("content-type");
        let Some((_, mark)) = kind.split_once("multipart/form-data; boundary=") else {
            return Vec::new();
        };
        let mark = format!("--{mark}");
        let mut parts = Vec::new();
        let mut rest = self.body.as_slice();
        let find = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|w| w == what);
        while let Some(at) = find(rest, mark.as_bytes()) {
            rest = &rest[at + mark.len()..];
            let Some(head) = find(rest, b"\r\n\r\n").filter(|_| !rest.starts_with(b"--")) else {
                break;
            };
            let end = find(rest, format!("\r\n{mark}").as_bytes()).expect("an end of the part");
            parts.push(Part {
                head: String::from_utf8_lossy(&rest[..head]).into_owned(),
                bytes: rest[head + 4..end].to_vec(),
            });
        }
        parts
    }

    /// The text of one field of such a form.
    pub fn part(&self, name: &str) -> Option<String> {
        let mark = format!("name=\"{name}\"");
        let found = self
            .parts()
            .into_iter()
            .find(|part| part.head.contains(&mark));
        found.map(|part| String::from_utf8_lossy(&part.bytes).into_owned())
    }

    /// Path without query.
    pub fn place(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }
}

/// A field of a form with files in it.
pub struct Part {
    /// Its headers, as they came.
    pub head: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// What is answered.
#[derive(Debug, Clone)]
pub enum Reply {
    /// An answer.
    Answer {
        /// The status.
        status: u16,
        /// Headers besides length and connection.
        headers: Vec<(String, String)>,
        /// The bytes of the body.
        body: Vec<u8>,
    },
    /// The connection is closed without a word.
    Silence,
}

impl Reply {
    /// An answer with a JSON body.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::Answer {
            status,
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: body.to_string().into_bytes(),
        }
    }

    /// An answer with text.
    pub fn text(status: u16, body: &str) -> Self {
        Self::Answer {
            status,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
        }
    }

    /// With one more header.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

/// The service.
#[derive(Clone)]
pub struct Outside {
    /// Scheme, host and port; no slash at the end.
    pub base: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Outside {
    /// Opens it on a free port; `answer` is called once per request.
    pub fn open(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let outside = Self {
            base,
            asked: Arc::default(),
        };
        let (asked, answer) = (outside.asked.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (asked, answer) = (asked.clone(), answer.clone());
                std::thread::spawn(move || {
                    // A client that goes away in the middle is no matter of the test.
                    if let Ok(request) = read(&stream) {
                        asked.lock().expect("not poisoned").push(request.clone());
                        drop(write(&stream, &answer(&request)));
                    }
                });
            }
        });
        outside
    }

    /// Everything it was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("not poisoned").clone()
    }
}

fn read(stream: &TcpStream) -> std::io::Result<Asked> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let (mut headers, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.trim().split_once(':') {
            let name = name.to_ascii_lowercase();
            if name == "content-length" {
                length = value.trim().parse().unwrap_or(0);
            }
            headers.push((name, value.trim().to_owned()));
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Asked {
        method,
        path,
        headers,
        body,
    })
}

fn write(mut stream: &TcpStream, reply: &Reply) -> std::io::Result<()> {
    let Reply::Answer {
        status,
        headers,
        body,
    } = reply
    else {
        return stream.shutdown(std::net::Shutdown::Both);
    };
    let mut head = format!("HTTP/1.1 {status} Said\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += &format!(
        "content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    stream.flush()
}
