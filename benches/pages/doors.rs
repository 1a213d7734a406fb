//! What a stranger learns from how long an answer takes: nothing, where a known name or address takes as long as one
//! that nobody has (S5 of the promises). Here the clock is what is measured; both sides take turns on one connection.

use std::time::{Duration, Instant};

use super::demo::Demo;
use super::forum::{cookies_of, hidden_fields};
use super::http::Connection;
use super::table::Table;

/// Letters that one address gets of a kind in an hour; every known one is asked for as often.
const EACH: usize = 3;
/// Where the members of the demo have their letters sent.
const HOME: &str = "harbour-museum.example";

/// A door at which somebody says who they are.
struct Door {
    what: &'static str,
    path: &'static str,
    /// Nobody is asked for again as often as somebody is: how often an address was heard before also takes time. Not
    /// where the first call makes somebody of it.
    again: bool,
    fields: fn(name: &str, fresh: usize) -> Vec<(&'static str, String)>,
}

const DOORS: [Door; 3] = [
    Door {
        what: "signing in",
        path: "/sign-in",
        again: true,
        fields: |name, _| {
            vec![
                ("login", name.to_owned()),
                ("password", "not the right words".to_owned()),
            ]
        },
    },
    Door {
        what: "asking for a new password",
        path: "/forgot",
        again: true,
        fields: |name, _| vec![("email", format!("{name}@{HOME}"))],
    },
    Door {
        what: "signing up",
        path: "/sign-up",
        again: false,
        fields: |name, fresh| {
            vec![
                ("name", format!("stranger{fresh}")),
                ("email", format!("{name}@{HOME}")),
                ("password", "a ladder nobody counts".to_owned()),
            ]
        },
    },
];

/// Sets every door's known against its unknown, and says how far their usual times are apart.
pub fn doors(demo: &Demo, table: &mut Table) {
    let known = demo.names();
    for (nth, door) in DOORS.iter().enumerate() {
        let mut times = [Vec::new(), Vec::new()];
        let mut caller = Caller::at(demo.port(), door.path, nth);
        for round in 0..EACH * known.len() {
            let name = &known[round % known.len()];
            let nobody = if door.again {
                format!("nobody{}", round % known.len())
            } else {
                format!("nobody{round}")
            };
            // Who comes first changes, so that neither always finds the warmer machine.
            let pair = [(0, name.as_str()), (1, nobody.as_str())];
            for turn in 0..2 {
                let (side, who) = pair[(turn + round) % 2];
                let number = round * 2 + side;
                let (status, time) = caller.knock(&(door.fields)(who, number));
                assert!(matches!(status, 200 | 303 | 422), "{}: {status}", door.what);
                times[side].push(time);
            }
        }
        let [known_time, unknown_time] = times.map(median);
        let ratio = known_time.as_secs_f64() / unknown_time.as_secs_f64();
        let verdict = if (0.95..1.05).contains(&ratio) {
            ""
        } else {
            " (missed)"
        };
        table.say(
            &format!("{}, known : unknown", door.what),
            format!("{ratio:.3} × ({known_time:.1?} : {unknown_time:.1?}){verdict}"),
            "medians within 5 %",
        );
    }
}

struct Caller {
    connection: Connection,
    port: u16,
    path: &'static str,
    cookies: String,
    hidden: Vec<(String, String)>,
    calls: usize,
    network: usize,
}

impl Caller {
    fn at(port: u16, path: &'static str, network: usize) -> Caller {
        let mut connection = Connection::open(port).expect("the demo listens");
        let page = connection.send("GET", path, &[], &[]).expect("a form");
        Caller {
            cookies: cookies_of(&page).join("; "),
            hidden: hidden_fields(&page.text()),
            connection,
            port,
            path,
            calls: 0,
            network,
        }
    }

    fn knock(&mut self, fields: &[(&'static str, String)]) -> (u16, Duration) {
        self.calls += 1;
        let mut form = self.hidden.clone();
        form.extend(fields.iter().map(|(k, v)| ((*k).to_owned(), v.clone())));
        let body = serde_urlencoded::to_string(&form).expect("a form");
        let origin = format!("http://127.0.0.1:{}", self.port);
        // Everybody comes from elsewhere: limits are not what is measured.
        let (high, low) = (self.calls / 250, self.calls % 250 + 1);
        let from = format!("10.{}.{high}.{low}", self.network);
        let headers = [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Origin", origin.as_str()),
            ("Sec-Fetch-Site", "same-origin"),
            ("Cookie", self.cookies.as_str()),
            ("X-Forwarded-For", from.as_str()),
        ];
        let began = Instant::now();
        let answer = self
            .connection
            .send("POST", self.path, &headers, body.as_bytes())
            .expect("an answer");
        (answer.status, began.elapsed())
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
