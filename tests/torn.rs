//! A power cut leaves some beginning of the log that SQLite writes ahead. Wherever it ends, what was acknowledged by
//! then is there, nothing is there by half, and the database is whole.

use std::path::Path;
use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::Text;
use loggia::db::schema::settings;
use loggia::db::{DatabaseUrl, Db, DbOptions, House, Joints, Tx, migrate};
use loggia::kit::clock::{ManualClock, SECOND};
use loggia::kit::seal::Keyring;
use loggia::kit::{At, Result};

/// Acknowledged writes.
const WRITES: usize = 60;
/// What stands before the first frame of the log, and before the page of each.
const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

#[derive(QueryableByName)]
struct Checked {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

fn house() -> Arc<House> {
    let ring = Keyring::from_bytes(Keyring::new_file().as_bytes()).expect("a key file");
    Arc::new(House {
        joints: Joints::default(),
        clock: Arc::new(ManualClock::at(At(1_800_000_000 * SECOND))),
        base_url: "http://127.0.0.1:1".to_owned(),
        ring,
        secret: [7; 32],
    })
}

/// Two rows that belong together.
fn pair(tx: &mut Tx<'_>, number: usize) -> Result<()> {
    for half in ["a", "b"] {
        diesel::insert_into(settings::table)
            .values((
                settings::key.eq(format!("torn-{half}-{number:03}")),
                settings::value.eq("x".repeat(200 + number * 37 % 3_000)),
                settings::updated_at.eq(0_i64),
            ))
            .execute(tx.conn)?;
    }
    Ok(())
}

/// How many pairs are there after a cut; panics where one is there by half, one is missing in between, or a page is broken.
fn pairs_after(folder: &Path, log: &[u8], whole: &[u8]) -> usize {
    let path = folder.join("cut.db");
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(folder.join(format!("cut.db{ending}")));
    }
    std::fs::write(&path, whole).expect("the database");
    std::fs::write(folder.join("cut.db-wal"), log).expect("its log");
    let mut conn = SqliteConnection::establish(path.to_str().expect("a path")).expect("it opens");
    let checked: Vec<Checked> = diesel::sql_query("PRAGMA integrity_check")
        .load(&mut conn)
        .expect("it is looked through");
    assert_eq!(
        checked[0].integrity_check,
        "ok",
        "after {} bytes",
        log.len()
    );
    let keys: Vec<String> = settings::table
        .filter(settings::key.like("torn-%"))
        .order(settings::key)
        .select(settings::key)
        .load(&mut conn)
        .expect("rows");
    let half = |half: &str| -> Vec<usize> {
        let of = |key: &String| key.strip_prefix(&format!("torn-{half}-"))?.parse().ok();
        keys.iter().filter_map(of).collect()
    };
    let (a, b) = (half("a"), half("b"));
    assert_eq!(a, b, "by half after {} bytes", log.len());
    assert_eq!(
        a,
        (0..a.len()).collect::<Vec<_>>(),
        "a gap after {} bytes",
        log.len()
    );
    a.len()
}

#[tokio::test]
async fn wherever_the_log_ends_nothing_acknowledged_before_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("forum.db");
    let url = DatabaseUrl::Sqlite(path.clone());
    migrate::run(&url).expect("the steps run");
    let db = Db::open(&url, house(), DbOptions::default()).expect("it opens");
    let log_path = folder.path().join("forum.db-wal");
    let length =
        || std::fs::metadata(&log_path).map_or(0, |file| usize::try_from(file.len()).unwrap_or(0));
    let mut acknowledged = Vec::new();
    for number in 0..WRITES {
        db.write(move |tx| pair(tx, number))
            .await
            .expect("acknowledged");
        acknowledged.push(length());
    }
    // As a power cut finds them: nothing is closed, nothing is folded into the database.
    let whole = std::fs::read(&path).expect("the database");
    let log = std::fs::read(&log_path).expect("its log");
    assert_eq!(
        acknowledged.last(),
        Some(&log.len()),
        "every answer came after its bytes"
    );
    let page = usize::from(u16::from_be_bytes([whole[16], whole[17]]));
    let frame = FRAME_HEADER + page;
    let frames = (log.len() - HEADER) / frame;
    assert!(frames > WRITES, "{frames} frames");

    let cuts = tempfile::tempdir().expect("a folder");
    let held = |cut: usize, log: &[u8]| {
        let there = pairs_after(cuts.path(), log, &whole);
        let promised = acknowledged.iter().filter(|length| **length <= cut).count();
        assert!(
            there >= promised,
            "{promised} were acknowledged in {cut} bytes, {there} are there"
        );
        there
    };
    let mut seen = std::collections::BTreeSet::new();
    for n in 0..=frames {
        let cut = HEADER + n * frame;
        seen.insert(held(cut, &log[..cut]));
    }
    assert_eq!(seen.len(), WRITES + 1, "the cuts fall between all of them");
    // In the middle of a frame, and with a byte that never arrived as it was written.
    let mut state = 20_261_124_usize;
    let mut lost = 0;
    for _ in 0..80 {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let cut = (state >> 16) % log.len();
        held(cut, &log[..cut]);
        let mut torn = log.clone();
        torn[cut] ^= 0x5a;
        // Everything before the frame with that byte stands.
        let before = cut.saturating_sub(HEADER) / frame * frame + HEADER;
        lost += usize::from(held(before, &torn) < WRITES);
    }
    assert!(lost > 60, "a torn log is noticed: {lost}");
    drop(db);
}
