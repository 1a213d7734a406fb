//! An endpoint outside that takes webhooks over real HTTP and keeps their bytes.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use loggia::kit::http::{HeaderMap, HeaderName, HeaderValue};

/// A request as it arrived.
#[derive(Clone)]
pub struct Arrived {
    /// `POST`, mostly.
    pub method: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its bytes.
    pub body: Vec<u8>,
}

impl Arrived {
    /// A header that has to be there.
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).unwrap().to_str().unwrap().to_owned()
    }

    /// Is it signed with this secret? Asked of a library that is not ours.
    pub fn verified_by(&self, secret: &str) -> bool {
        let webhook = standardwebhooks::Webhook::new(secret).unwrap();
        webhook.verify(&self.body, &self.headers).is_ok()
    }
}

/// An endpoint that answers as told and keeps everything.
#[derive(Clone)]
pub struct Endpoint {
    /// Where it listens; the query is a secret of its own.
    pub url: String,
    /// Every request so far.
    pub arrived: Arc<Mutex<Vec<Arrived>>>,
    answers: Arc<Mutex<VecDeque<&'static str>>>,
}

impl Endpoint {
    /// Opens one on a free port.
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = Self {
            url: format!("http://{}/hook?token=abc", listener.local_addr().unwrap()),
            arrived: Arc::default(),
            answers: Arc::default(),
        };
        let mine = endpoint.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                let method = line.split(' ').next().unwrap().to_owned();
                let (mut headers, mut length) = (HeaderMap::new(), 0);
                loop {
                    let mut line = String::new();
                    if reader.read_line(&mut line).unwrap() == 0 || line.trim().is_empty() {
                        break;
                    }
                    let (name, value) = line.trim().split_once(':').unwrap();
                    if name.eq_ignore_ascii_case("content-length") {
                        length = value.trim().parse().unwrap();
                    }
                    let name: HeaderName = name.parse().unwrap();
                    headers.append(name, HeaderValue::from_str(value.trim()).unwrap());
                }
                let mut body = vec![0; length];
                reader.read_exact(&mut body).unwrap();
                mine.arrived.lock().unwrap().push(Arrived {
                    method,
                    headers,
                    body,
                });
                let answer = mine
                    .answers
                    .lock()
                    .unwrap()
                    .pop_front()
                    .unwrap_or("200 OK\r\n");
                let end = "Content-Length: 0\r\nConnection: close\r\n\r\n";
                // "drop" takes the request and says nothing.
                if answer != "drop" {
                    stream
                        .write_all(format!("HTTP/1.1 {answer}{end}").as_bytes())
                        .unwrap();
                }
            }
        });
        endpoint
    }

    /// The next answer; `drop` takes the request and says nothing.
    pub fn will(&self, answer: &'static str) {
        self.answers.lock().unwrap().push_back(answer);
    }

    /// Every POST so far.
    pub fn posts(&self) -> Vec<Arrived> {
        let arrived = self.arrived.lock().unwrap();
        arrived
            .iter()
            .filter(|a| a.method == "POST")
            .cloned()
            .collect()
    }
}
