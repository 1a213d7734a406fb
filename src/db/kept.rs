//! Small things that nearly every page reads, kept for reading transactions until anything is written.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// One value of a type, and the epoch in which it was read.
type Value = (u64, Arc<dyn Any + Send + Sync>);

/// What was read, by its type. One lock, held for a look-up only.
#[derive(Default)]
pub(super) struct Kept {
    inner: Mutex<HashMap<TypeId, Value>>,
}

impl Kept {
    /// The value of this type, if nothing was written since it was read.
    pub fn get<T: Any + Send + Sync>(&self, epoch: u64) -> Option<Arc<T>> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, value) = inner.get(&TypeId::of::<T>())?;
        let value = (*at == epoch).then(|| value.clone())?;
        value.downcast().ok()
    }

    /// Keeps what was read in a transaction that began in this epoch.
    pub fn put<T: Any + Send + Sync>(&self, epoch: u64, value: Arc<T>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.insert(TypeId::of::<T>(), (epoch, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_a_write_is_not_given() {
        let kept = Kept::default();
        kept.put(3, Arc::new(7_i32));
        assert_eq!(kept.get::<i32>(3).as_deref(), Some(&7));
        assert_eq!(kept.get::<i32>(4), None);
        assert_eq!(kept.get::<u32>(3), None);
    }
}
