//! The way to the database threads, and how many stand in it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;

/// A bounded queue that knows how many are waiting for its answers.
pub(super) struct Queue<T> {
    /// The way in.
    pub sender: SyncSender<T>,
    waiting: Arc<AtomicU64>,
}

// Derived, it would ask that `T` can be cloned.
impl<T> Clone for Queue<T> {
    fn clone(&self) -> Self {
        Self {
            sender: self.sender.clone(),
            waiting: self.waiting.clone(),
        }
    }
}

impl<T> Queue<T> {
    pub(super) fn of(sender: SyncSender<T>) -> Self {
        let waiting = Arc::default();
        Self { sender, waiting }
    }

    /// How many places are taken.
    pub(super) fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Takes a place, which is given up with the answer.
    pub(super) fn place(&self) -> Place {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Place(self.waiting.clone())
    }
}

/// A place in a queue.
pub(super) struct Place(Arc<AtomicU64>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_given_up() {
        let queue = Queue::of(std::sync::mpsc::sync_channel::<Place>(4).0);
        let first = queue.place();
        let again = queue.clone().place();
        assert_eq!(queue.waiting(), 2);
        drop((first, again));
        assert_eq!(queue.waiting(), 0);
    }
}
