//! News of open threads, pushed to their readers: one look at the database a second for all of them together, so that it
//! works with any number of nodes; whoever is told is asked anew whether the thread is still theirs to see.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::app::App;
use crate::forum;
use crate::kit::ids::{MemberId, ThreadId};

/// Readers who are told of news at a time, on this node.
const SEATS: usize = 256;
/// Seats of one member, so that nobody takes all of them (S44 of the promises).
const SEATS_OF_ONE: usize = 5;
/// How often the database is looked at while anybody waits.
const PAUSE: Duration = Duration::from_secs(1);

/// Who waits for news of which thread.
pub struct Live {
    threads: Mutex<HashMap<ThreadId, watch::Sender<i64>>>,
    seats: Arc<Semaphore>,
    taken: Arc<Mutex<HashMap<MemberId, usize>>>,
    looking: AtomicBool,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            threads: Mutex::default(),
            seats: Arc::new(Semaphore::new(SEATS)),
            taken: Arc::default(),
            looking: AtomicBool::new(false),
        }
    }
}

/// A reader's place: where the thread's last number comes in, for as long as it is held.
pub struct Seat {
    /// The thread's last number, whenever it changes.
    pub last: watch::Receiver<i64>,
    _permit: OwnedSemaphorePermit,
    _own: OwnSeat,
}

/// One of the seats that a member may have at a time; free again when it is dropped.
struct OwnSeat {
    taken: Arc<Mutex<HashMap<MemberId, usize>>>,
    member: MemberId,
}

impl OwnSeat {
    /// Nothing where the member has all of theirs.
    fn take(taken: &Arc<Mutex<HashMap<MemberId, usize>>>, member: MemberId) -> Option<Self> {
        let mut seats = taken.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = seats.entry(member).or_default();
        if *mine >= SEATS_OF_ONE {
            return None;
        }
        *mine += 1;
        Some(Self {
            taken: taken.clone(),
            member,
        })
    }
}

impl Drop for OwnSeat {
    fn drop(&mut self) {
        let mut seats = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mine) = seats.get_mut(&self.member) {
            *mine = mine.saturating_sub(1);
            if *mine == 0 {
                seats.remove(&self.member);
            }
        }
    }
}

impl Live {
    fn with<T>(&self, work: impl FnOnce(&mut HashMap<ThreadId, watch::Sender<i64>>) -> T) -> T {
        work(&mut self.threads.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes a seat for a member; nothing where all are taken, or all that one member may have.
    pub fn sit(app: &Arc<App>, member: MemberId, thread: ThreadId, last: i64) -> Option<Seat> {
        let live = &app.live;
        let own = OwnSeat::take(&live.taken, member)?;
        let permit = live.seats.clone().try_acquire_owned().ok()?;
        let receiver = live.with(|threads| {
            threads
                .entry(thread)
                .or_insert_with(|| watch::Sender::new(last))
                .subscribe()
        });
        if !live.looking.swap(true, Ordering::AcqRel) {
            tokio::spawn(look(app.clone()));
        }
        Some(Seat {
            last: receiver,
            _permit: permit,
            _own: own,
        })
    }

    /// The threads that somebody still waits for; nobody's are forgotten.
    fn wanted(&self) -> Vec<ThreadId> {
        self.with(|threads| {
            threads.retain(|_, sender| sender.receiver_count() > 0);
            threads.keys().copied().collect()
        })
    }
}

/// Looks until nobody waits any more; only where something was written since the last look.
async fn look(app: Arc<App>) {
    let mut seen = 0;
    loop {
        tokio::time::sleep(PAUSE).await;
        let wanted = app.live.wanted();
        if wanted.is_empty() || app.is_draining() {
            if app.is_draining() {
                // The lines end now, so that nobody waits for them when the house closes.
                app.live.with(HashMap::clear);
            }
            app.live.looking.store(false, Ordering::Release);
            // Whoever sat down in this moment found somebody looking.
            let again = !app.live.wanted().is_empty() && !app.is_draining();
            if again && !app.live.looking.swap(true, Ordering::AcqRel) {
                continue;
            }
            return;
        }
        let epoch = app.db.epoch();
        if epoch == seen {
            continue;
        }
        seen = epoch;
        let found = app
            .db
            .read(move |tx| forum::last_numbers(tx, &wanted))
            .await;
        let Ok(found) = found else { continue };
        app.live.with(|threads| {
            for (thread, last) in found {
                if let Some(sender) = threads.get(&thread) {
                    sender.send_if_modified(|kept| std::mem::replace(kept, last) != last);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_member_takes_no_more_than_their_seats_and_gives_them_back() {
        let taken = Arc::default();
        let mut mine: Vec<OwnSeat> = (0..SEATS_OF_ONE)
            .filter_map(|_| OwnSeat::take(&taken, MemberId(1)))
            .collect();
        assert_eq!(mine.len(), SEATS_OF_ONE);
        assert!(OwnSeat::take(&taken, MemberId(1)).is_none());
        let other = OwnSeat::take(&taken, MemberId(2));
        assert!(other.is_some(), "another member sits");
        mine.pop();
        assert!(OwnSeat::take(&taken, MemberId(1)).is_some());
        drop((mine, other));
        assert!(taken.lock().expect("not poisoned").is_empty());
    }
}
