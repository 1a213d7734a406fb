//! Servers as processes of their own, and what the kernel says they have used.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::http::Connection;

/// A running process that listens on a port.
#[derive(Clone, Copy)]
pub struct Gauge {
    pub pid: u32,
    pub port: u16,
}

impl Gauge {
    /// Processor time used so far, user and system, ended threads included.
    pub fn cpu(self) -> Duration {
        let stat = self.proc("stat");
        // The second field is the name, in brackets, and may hold anything.
        let after_name = stat.rsplit_once(')').expect("a name in brackets").1;
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        let ticks: u64 = [11, 12]
            .iter()
            .map(|at| fields[*at].parse::<u64>().expect("ticks"))
            .sum();
        // USER_HZ is 100 on every Linux that runs this.
        Duration::from_millis(ticks * 10)
    }

    /// Memory that is resident now, in bytes.
    pub fn resident(self) -> u64 {
        let status = self.proc("status");
        let row = status
            .lines()
            .find(|row| row.starts_with("VmRSS:"))
            .expect("VmRSS");
        let kilobytes: u64 = row
            .split_whitespace()
            .nth(1)
            .expect("a number")
            .parse()
            .expect("a number");
        kilobytes * 1024
    }

    fn proc(self, file: &str) -> String {
        let path = format!("/proc/{}/{file}", self.pid);
        std::fs::read_to_string(Path::new(&path)).expect("the process runs")
    }
}

/// A floor, or another server that this program has started; it ends when this is dropped.
pub struct Process {
    child: Child,
    pub port: u16,
}

impl Process {
    /// Starts this program again as a floor.
    pub fn floor(arguments: &[&str]) -> Process {
        let port = free_port();
        let mut command = Command::new(std::env::current_exe().expect("a path to this program"));
        command.arg("--floor").arg(port.to_string()).args(arguments);
        Process::start(command, port)
    }

    /// Starts a server and waits until it answers 200.
    pub fn start(mut command: Command, port: u16) -> Process {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("the server starts");
        let mut process = Process { child, port };
        let until = Instant::now() + Duration::from_secs(120);
        while !process.answers() {
            let ended = process.child.try_wait().expect("a child of ours");
            assert!(ended.is_none(), "the server has ended: {ended:?}");
            assert!(Instant::now() < until, "the server does not answer");
            std::thread::sleep(Duration::from_millis(2));
        }
        process
    }

    /// What it uses.
    pub fn gauge(&self) -> Gauge {
        Gauge {
            pid: self.child.id(),
            port: self.port,
        }
    }

    fn answers(&self) -> bool {
        let answer = Connection::open(self.port).and_then(|mut c| c.send("GET", "/", &[], &[]));
        answer.is_some_and(|answer| answer.status == 200)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let killed = self.child.kill();
        let ended = self.child.wait();
        debug_assert!(killed.is_ok() && ended.is_ok());
    }
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}
