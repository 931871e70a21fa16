//! The actors: folders and their files.

use std::time::Duration;

use plasma_actor::{Actor, CallError, Context, Ref, functions};
use serde::{Deserialize, Serialize};

/// A folder: refers to its files and lists them for clients.
#[derive(Actor, Clone, Debug, Serialize, Deserialize)]
pub struct Folder {
    /// The files, in the order in which they are listed.
    files: Vec<Ref<File>>,
    /// How often it has been opened.
    #[publish]
    opened: u64,
    /// Names, permissions and access times.
    records: Vec<u8>,
    /// Processor time that an opening needs here.
    work: Duration,
}

impl Folder {
    pub(super) fn new(files: Vec<Ref<File>>, record_bytes: usize, work: Duration) -> Self {
        let records = vec![0; record_bytes];
        Self {
            files,
            opened: 0,
            records,
            work,
        }
    }
}

#[functions]
impl Folder {
    /// Lists the folder: asks each of its files for its attributes, one after the other.
    async fn open(&mut self, cx: &Context) -> Result<Listing, CallError> {
        cx.burn(self.work);
        self.opened += 1;
        let mut listing = Listing::default();
        for file in &self.files {
            let attributes = file.read(cx).await?;
            listing.files += 1;
            listing.bytes += attributes.size;
        }
        Ok(listing)
    }
}

/// What a client learns of a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// How many files it has.
    pub files: u32,
    /// The size of their metadata in all, in bytes.
    pub bytes: u64,
}

/// A file's metadata.
#[derive(Actor, Clone, Debug, Serialize, Deserialize)]
pub struct File {
    /// How often its attributes have been read.
    reads: u64,
    /// Attributes and the places of its blocks.
    records: Vec<u8>,
    /// Processor time that a reading needs.
    work: Duration,
}

impl File {
    pub(super) fn new(record_bytes: usize, work: Duration) -> Self {
        Self {
            reads: 0,
            records: vec![0; record_bytes],
            work,
        }
    }
}

#[functions]
impl File {
    /// Tells the file's attributes.
    fn read(&mut self, cx: &Context) -> Attributes {
        cx.burn(self.work);
        self.reads += 1;
        Attributes {
            size: self.records.len() as u64,
            reads: self.reads,
        }
    }
}

/// What a folder learns of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attributes {
    /// The size of its metadata in bytes.
    pub size: u64,
    /// How often it has been read, this time included.
    pub reads: u64,
}
