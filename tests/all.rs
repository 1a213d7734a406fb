//! The one integration-test binary; every other file here is a module of it.
