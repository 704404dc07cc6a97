//! Opening a directory: whose it is, whether this build can read it, and what to say if not.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::Duration,
};

use ::sled::{Config, Db, Mode};

use super::layout::{FORMAT, FORMAT_NOTE};
use crate::store::Error;

const CACHE_BYTES: u64 = 64 * 1024 * 1024;

/// A page of sled holds up to 16 entries. At 64 KiB each they must fit a segment, because what does
/// not is written to a file of its own that sled never syncs.
const SEGMENT_BYTES: usize = 2 * 1024 * 1024;

/// The file that says, before sled is let near the directory, which format it holds.
const MARKER: &str = "format";

/// How often, and how far apart, a locked directory is tried again: two seconds in all.
const LOCK_TRIES: u32 = 40;
const LOCK_WAIT: Duration = Duration::from_millis(50);

/// Opens or creates the database in `dir`.
pub(super) fn open(dir: &Path) -> Result<Db, Error> {
    fs::create_dir_all(dir).map_err(Error::unavailable)?;
    let marked = read_marker(dir)?;
    let config = Config::new()
        .path(dir)
        .cache_capacity(CACHE_BYTES)
        .segment_size(SEGMENT_BYTES)
        .mode(Mode::HighThroughput)
        // The writer flushes; a second flusher would only compete with it.
        .flush_every_ms(None);
    let mut tries = 0;
    let db = loop {
        // sled answers some damaged files with a panic; that, too, should become a sentence.
        match catch_unwind(AssertUnwindSafe(|| config.open())) {
            Ok(Ok(db)) => break db,
            // sled's own threads give the lock back a little after the last handle is gone.
            Ok(Err(error)) if is_locked(&error) && tries < LOCK_TRIES => {
                tries += 1;
                std::thread::park_timeout(LOCK_WAIT);
            }
            Ok(Err(error)) => return Err(refusal(dir, error)),
            Err(_) => return Err(corrupt(dir, "sled could not make sense of it")),
        }
    };
    check_format(dir, &db, marked)?;
    Ok(db)
}

fn is_locked(error: &::sled::Error) -> bool {
    matches!(error, ::sled::Error::Io(io) if io.to_string().contains("could not acquire lock"))
}

/// Whether `dir` was set up before; an unknown format is refused without touching a file.
fn read_marker(dir: &Path) -> Result<bool, Error> {
    match fs::read(dir.join(MARKER)) {
        Ok(found) if found.trim_ascii() == FORMAT.as_bytes() => Ok(true),
        Ok(found) => Err(unknown_format(dir, &found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::unavailable(error)),
    }
}

/// The database must say the same as the marker file, or be brand new.
///
/// sled repairs a log by dropping what it cannot read, and a log damaged at its start comes back
/// empty. The marker file is what tells that from a new directory.
fn check_format(dir: &Path, db: &Db, marked: bool) -> Result<(), Error> {
    let broken = |error| refusal(dir, error);
    match db.get(FORMAT_NOTE).map_err(broken)? {
        Some(found) if *found != *FORMAT.as_bytes() => Err(unknown_format(dir, &found)),
        Some(_) if marked => Ok(()),
        None if marked => Err(corrupt(dir, "its records are missing")),
        None if !db.is_empty() => Err(corrupt(dir, "it was not made by this program")),
        // New, or its creation was cut short.
        Some(_) | None => {
            db.insert(FORMAT_NOTE, FORMAT).map_err(broken)?;
            db.flush().map_err(broken)?;
            mark(dir).map_err(Error::unavailable)
        }
    }
}

/// Writes the marker and makes the directory itself durable, names of new files included.
fn mark(dir: &Path) -> io::Result<()> {
    File::open(dir.join("db"))?.sync_data()?;
    let draft = dir.join("format.new");
    let mut file = File::create(&draft)?;
    writeln!(file, "{FORMAT}")?;
    file.sync_all()?;
    fs::rename(draft, dir.join(MARKER))?;
    File::open(dir)?.sync_all()?;
    let parent = dir.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}

/// What sled's own refusal means to whoever starts the program.
fn refusal(dir: &Path, error: ::sled::Error) -> Error {
    use ::sled::Error as Sled;
    match error {
        locked if is_locked(&locked) => Error::unavailable(format!(
            "{} is in use: another process has it open, and only one may; stop that one or \
                 choose another directory",
            dir.display()
        )),
        Sled::Io(io)
            if matches!(io.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) =>
        {
            corrupt(dir, &io.to_string())
        }
        Sled::Io(io) => Error::unavailable(io),
        Sled::Corruption { .. }
        | Sled::Unsupported(_)
        | Sled::ReportableBug(_)
        | Sled::CollectionNotFound(_) => corrupt(dir, &error.to_string()),
    }
}

fn unknown_format(dir: &Path, found: &[u8]) -> Error {
    let found = String::from_utf8_lossy(found.trim_ascii());
    corrupt(dir, &format!("it is of format \"{found}\" and this build reads \"{FORMAT}\""))
}

fn corrupt(dir: &Path, what: &str) -> Error {
    Error::Corrupt(format!(
        "{} cannot be read ({what}); move the directory away to start empty, or put a copy of it \
         back, then start again",
        dir.display()
    ))
}
