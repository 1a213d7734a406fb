//! A small mail server on loopback that writes down what it hears.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// One letter as it arrived.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    /// `MAIL FROM` addresses.
    pub from: Vec<String>,
    /// `RCPT TO` addresses.
    pub to: Vec<String>,
    /// Header lines, unfolded.
    pub headers: Vec<String>,
    /// The raw lines after the headers, dots as they came.
    pub body: Vec<String>,
}

impl Heard {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// The server. It serves until the process ends.
#[derive(Clone)]
pub struct FakeSmtp {
    port: u16,
    heard: Arc<Mutex<Vec<Heard>>>,
    answers: Arc<Mutex<Vec<&'static str>>>,
    /// What is answered to a recipient's address, in angle brackets.
    recipients: Arc<Mutex<HashMap<String, &'static str>>>,
    /// What is answered to the sender, if it is a no.
    sender: Arc<Mutex<Option<&'static str>>>,
}

/// Takes the letter and says nothing more.
const SWALLOW: &str = "swallow";

impl FakeSmtp {
    /// Starts on a free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let server = Self {
            port,
            heard: Arc::default(),
            answers: Arc::default(),
            recipients: Arc::default(),
            sender: Arc::default(),
        };
        let this = server.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let this = this.clone();
                std::thread::spawn(move || this.talk(&stream));
            }
        });
        server
    }

    /// What stands in `LOGGIA_SMTP_URL`.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// The next letters are answered so after their last line; then all are taken again.
    pub fn will_answer(&self, answers: &[&'static str]) {
        self.answers
            .lock()
            .expect("answers")
            .extend(answers.iter().rev());
    }

    /// This recipient is answered so from now on.
    pub fn will_refuse(&self, address: &str, answer: &'static str) {
        let mut recipients = self.recipients.lock().expect("recipients");
        recipients.insert(format!("<{address}>"), answer);
    }

    /// Letters to this recipient are taken, and the line is dropped before the answer.
    pub fn will_swallow(&self, address: &str) {
        self.will_refuse(address, SWALLOW);
    }

    /// This recipient is served again.
    pub fn will_take(&self, address: &str) {
        let mut recipients = self.recipients.lock().expect("recipients");
        recipients.remove(&format!("<{address}>"));
    }

    /// Every sender is answered so from now on.
    pub fn will_refuse_sender(&self, answer: &'static str) {
        *self.sender.lock().expect("sender") = Some(answer);
    }

    /// Every sender is served again.
    pub fn will_welcome(&self) {
        *self.sender.lock().expect("sender") = None;
    }

    /// Everything that was taken so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().expect("letters").clone()
    }

    fn talk(&self, stream: &TcpStream) -> Option<()> {
        let mut say = stream.try_clone().ok()?;
        let mut lines = BufReader::new(stream).lines();
        let mut letter = Heard::default();
        say.write_all(b"220 fake\r\n").ok()?;
        while let Some(Ok(line)) = lines.next() {
            let upper = line.to_uppercase();
            let answer: &[u8] = if upper.starts_with("EHLO") {
                b"250-fake\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
            } else if upper.starts_with("MAIL FROM:") {
                letter = Heard::default();
                letter.from.push(line[10..].to_owned());
                match *self.sender.lock().expect("sender") {
                    Some(no) => no.as_bytes(),
                    None => b"250 ok\r\n",
                }
            } else if upper.starts_with("RCPT TO:") {
                letter.to.push(line[8..].to_owned());
                let recipients = self.recipients.lock().expect("recipients");
                match recipients.get(&line[8..]) {
                    Some(no) if *no != SWALLOW => no.as_bytes(),
                    _ => b"250 ok\r\n",
                }
            } else if upper == "DATA" {
                say.write_all(b"354 go on\r\n").ok()?;
                let mut in_headers = true;
                while let Some(Ok(line)) = lines.next() {
                    if line == "." {
                        break;
                    }
                    if in_headers && line.is_empty() {
                        in_headers = false;
                    } else if in_headers && line.starts_with([' ', '\t']) {
                        let last = letter.headers.last_mut()?;
                        last.push_str(&line);
                    } else if in_headers {
                        letter.headers.push(line);
                    } else {
                        letter.body.push(line);
                    }
                }
                let swallows = {
                    let recipients = self.recipients.lock().expect("recipients");
                    let to = letter.to.first();
                    to.is_some_and(|to| recipients.get(to) == Some(&SWALLOW))
                };
                if swallows {
                    self.heard.lock().expect("letters").push(letter);
                    return None;
                }
                match self.answers.lock().expect("answers").pop() {
                    None => {
                        self.heard
                            .lock()
                            .expect("letters")
                            .push(std::mem::take(&mut letter));
                        b"250 taken\r\n"
                    }
                    Some(answer) => {
                        letter = Heard::default();
                        answer.as_bytes()
                    }
                }
            } else if upper == "QUIT" {
                say.write_all(b"221 bye\r\n").ok()?;
                return Some(());
            } else {
                b"250 ok\r\n"
            };
            say.write_all(answer).ok()?;
        }
        Some(())
    }
}
