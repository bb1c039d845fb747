//! A walk from folder to folder, through what a function will find.

use std::cmp::Ordering;
use std::iter;
use std::ops::Range;

use crate::lambda::MountPoint;
use crate::lint::File;

/// Where a walk is, without links.
pub(crate) struct PathCursor<'a> {
    pub(crate) at: String,
    /// What is there, if it is an entry.
    pub(crate) file: Option<&'a File>,
    /// The entries below each folder on the way, this one included.
    below: Vec<Range<usize>>,
    /// Whether it has been in one of the folders that Lambda unpacks to, and gone out of it.
    pub(crate) has_left: bool,
}

impl<'a> PathCursor<'a> {
    /// At the root, with all entries below.
    pub(crate) fn new(entries: usize) -> Self {
        Self {
            at: String::new(),
            file: None,
            below: iter::once(0..entries).collect(),
            has_left: false,
        }
    }

    /// Goes to the root, with all `entries` below, as an absolute link does.
    pub(crate) fn restart(&mut self, entries: usize) {
        *self = Self {
            has_left: true,
            ..Self::new(entries)
        };
    }

    /// Goes to what is called `name` here.
    pub(crate) fn enter(&mut self, name: &str, files: &[(String, &'a File)]) {
        let here = self.below.last().cloned().unwrap_or(0..0);
        let start = self.at.len() + 1;
        // All paths here are longer: they are of what is below. Up to there, all are alike.
        let order = |path: &str| path.as_bytes()[start..].cmp(name.as_bytes());
        let order_below = |path: &str| match path.as_bytes()[start..].split_at_checked(name.len()) {
            Some((part, rest)) => part
                .cmp(name.as_bytes())
                .then_with(|| rest.first().cmp(&Some(&b'/'))),
            None => order(path),
        };
        let point = |is_before: &dyn Fn(&str) -> bool| {
            here.start + files[here.clone()].partition_point(|(path, _)| is_before(path))
        };
        let first = point(&|path| order(path) == Ordering::Less);
        let below = point(&|path| order_below(path) == Ordering::Less)..point(&|path| {
            order_below(path) != Ordering::Greater
        });
        let exact = files[..here.end].get(first);
        self.file = exact
            .filter(|(path, _)| order(path) == Ordering::Equal)
            .map(|(_, file)| *file);
        self.below.push(below);
        self.at.push('/');
        self.at.push_str(name);
    }

    /// Goes to the folder that this is in. That of the root is the root.
    pub(crate) fn leave(&mut self) {
        self.has_left |= self.is_root();
        self.at.truncate(self.at.rfind('/').unwrap_or(0));
        if self.below.len() > 1 {
            self.below.pop();
        }
        // Nothing but folders is ever entered.
        self.file = None;
    }

    fn has_entries_below(&self) -> bool {
        self.below.last().is_some_and(|below| !below.is_empty())
    }

    /// Whether there is no such place, as far as can be known.
    pub(crate) fn is_nowhere(&self) -> bool {
        self.file.is_none() && !self.has_entries_below() && self.is_inside() && !self.is_root()
    }

    fn is_root(&self) -> bool {
        MountPoint::ALL.iter().any(|root| root.path() == self.at)
    }

    /// Whether it is at or in one of the folders that Lambda unpacks to.
    pub(crate) fn is_inside(&self) -> bool {
        MountPoint::ALL.iter().any(|root| {
            let rest = self.at.strip_prefix(root.path());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }
}
