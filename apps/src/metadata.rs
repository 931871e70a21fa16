//! A metadata server: folders that refer to their files, and clients that open folders.
//!
//! Some folders are far more popular than others. To open a folder, a client calls it; the folder
//! does its own part (permissions, access times), asks each of its files for its attributes, one
//! after the other, and replies with the listing. A folder serves one client at a time, as actors
//! do, so files that are far away or on a busy server hold up everyone who waits for the folder.
//!
//! # Why these numbers
//!
//! They fit four servers of 0.3 cores. An opening costs 0.5 ms of processor time (0.3 ms folder,
//! 0.025 ms each of eight files), so the four servers can do 1.2 / 0.0005 = 2400 of them a second. 64
//! clients that think 37 ms on average ask for at most 64 / (0.037 + 0.001) ≈ 1680: 70 % of that.
//!
//! Folder *i* of 16 is opened in proportion to 1 / (i + ½): the first takes 24 % of the load, the
//! second 14 %, the last 2 %. One server can carry the first folder and little else: at 70 % overall
//! it uses 67 % of a server alone, so giving it a server to itself leaves the other three at 71 %.
//! Every good placement has at most 28 % of the load on a server, and every file beside its folder.
//!
//! Placed at random, six of a folder's eight files are elsewhere. Each adds a round trip of 0.5 ms
//! and the wait for its server to an opening, so the first folder, asked for 400 times a second, is
//! held up for longer than there is time; most clients stand in its queue. Colocating helps, and
//! makes the loads uneven: the busiest of four servers then draws 35 to 50 % of the load. With
//! everything on one server at most 600 openings a second are possible.

mod actors;
mod clients;
mod popularity;

use std::time::Duration;

use plasma_actor::{Application, Load, Setup, Types, WireError};

pub use actors::{
    Attributes, File, FileCall, FileMethods, Folder, FolderCall, FolderMethods, Listing,
};
pub use popularity::Popularity;

/// The metadata server and its clients.
#[derive(Clone, Debug, PartialEq)]
pub struct Metadata {
    /// How many folders there are.
    pub folders: u32,
    /// How many files each folder has.
    pub files_per_folder: u32,
    /// The size of the metadata of a folder or file, which moves with it, in bytes.
    pub record_bytes: usize,
    /// Processor time that a folder needs to be opened, apart from its files'.
    pub folder_work: Duration,
    /// Processor time that a file needs to tell its attributes.
    pub file_work: Duration,
    /// How flat the popularity of folders is: folder `i` (from 1) is opened in proportion to
    /// `1 / (i + flatness)`. From -1 (exclusive; the first folder takes nearly all) upwards.
    pub flatness: f64,
    /// How many clients there are.
    pub clients: u32,
    /// How long a client thinks between a listing and its next opening, on average; each pause is
    /// between half and one and a half of it.
    pub think: Duration,
    /// How the load changes in the course of time.
    pub pattern: Pattern,
}

/// How the load changes in the course of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// It does not.
    Steady,
    /// Some time after its start most clients leave.
    Falls {
        /// How long after the start.
        after: Duration,
        /// How many clients stay.
        clients: u32,
    },
}

/// The metadata server with its default parameters.
pub const METADATA: Metadata = Metadata {
    folders: 16,
    files_per_folder: 8,
    record_bytes: 16 * 1024,
    folder_work: Duration::from_micros(300),
    file_work: Duration::from_micros(25),
    flatness: 0.5,
    clients: 64,
    think: Duration::from_millis(37),
    pattern: Pattern::Steady,
};

impl Default for Metadata {
    fn default() -> Self {
        METADATA
    }
}

impl Application for Metadata {
    fn name(&self) -> &str {
        "metadata"
    }

    fn about(&self) -> &str {
        "a metadata server: folders that list their files, clients that prefer some folders"
    }

    fn types(&self, types: &mut Types) {
        types.add::<Folder>().add::<File>();
    }

    fn create(&self, setup: &mut Setup) -> Result<(), WireError> {
        for _ in 0..self.folders {
            let file = File::new(self.record_bytes, self.file_work);
            let files = (0..self.files_per_folder).map(|_| setup.create(&file));
            let files = files.collect::<Result<_, _>>()?;
            setup.create(&Folder::new(files, self.record_bytes, self.folder_work))?;
        }
        Ok(())
    }

    fn load(&self, seed: u64) -> Load {
        let popularity = Popularity::new(self.folders, self.flatness);
        let mut load = Load::new();
        for number in 0..self.clients {
            let client = clients::Client::new(self, &popularity, seed, number);
            load.client(move |cx| client.run(cx));
        }
        load
    }
}
