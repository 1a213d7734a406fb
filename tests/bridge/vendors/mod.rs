//! Every channel against a fake of its vendor, written from the vendor's documents: accepted; accepted and no answer;
//! asked to wait in the vendor's own words; failed after creating; token refused; refused for good; corrected;
//! withdrawn; looked up again. What a channel holds in the end is counted at the fake.

mod chat;
mod companies;
mod networks;
mod trial;
