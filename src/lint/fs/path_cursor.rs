//! The current place of a walk through the file system of a function.

use std::cmp::Ordering;
use std::iter;
use std::ops::Range;

use super::placed::Placed;
use crate::lambda::MountPoint;
use crate::lint::File;

/// The current place of a walk, without links.
pub(crate) struct PathCursor<'a> {
    /// Its absolute path; empty for the root.
    pub(crate) at: String,
    /// The entry at this place, if there is one.
    pub(crate) file: Option<&'a File>,
    /// The ranges of the entries below each folder of the path, this one included.
    below: Vec<Range<usize>>,
    /// `true` if the walk has left one of the mount points.
    pub(crate) has_left: bool,
}

impl<'a> PathCursor<'a> {
    /// The root, with all entries below it.
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

    /// Goes to `name` in this folder.
    pub(crate) fn enter(&mut self, name: &str, files: &[Placed<'a>]) {
        let here = self.below();
        let start = self.at.len() + 1;
        // All paths in the range are longer, and equal up to there.
        let order = |placed: &Placed<'_>| placed.below(start).cmp(name);
        let order_below =
            |placed: &Placed<'_>| match placed.below(start).as_bytes().split_at_checked(name.len())
            {
                Some((part, rest)) => part
                    .cmp(name.as_bytes())
                    .then_with(|| rest.first().cmp(&Some(&b'/'))),
                None => order(placed),
            };
        let point = |is_before: &dyn Fn(&Placed<'_>) -> bool| {
            here.start + files[here.clone()].partition_point(is_before)
        };
        let first = point(&|placed| order(placed) == Ordering::Less);
        let below = point(&|placed| order_below(placed) == Ordering::Less)..point(&|placed| {
            order_below(placed) != Ordering::Greater
        });
        let exact = files[..here.end].get(first);
        self.file = exact
            .filter(|placed| order(placed) == Ordering::Equal)
            .map(|placed| placed.file);
        self.below.push(below);
        self.at.push('/');
        self.at.push_str(name);
    }

    /// Goes to the folder above. Above the root is the root.
    pub(crate) fn leave(&mut self) {
        self.has_left |= self.is_root();
        self.at.truncate(self.at.rfind('/').unwrap_or(0));
        if self.below.len() > 1 {
            self.below.pop();
        }
        // Only folders are entered.
        self.file = None;
    }

    /// The range of the entries below this place.
    pub(crate) fn below(&self) -> Range<usize> {
        self.below.last().cloned().unwrap_or_default()
    }

    /// `true` if nothing can be at this place.
    pub(crate) fn is_nowhere(&self) -> bool {
        self.file.is_none() && self.below().is_empty() && self.is_inside() && !self.is_root()
    }

    fn is_root(&self) -> bool {
        MountPoint::ALL.iter().any(|root| root.path() == self.at)
    }

    /// `true` if it is at or below a mount point.
    pub(crate) fn is_inside(&self) -> bool {
        MountPoint::ALL.iter().any(|root| {
            let rest = self.at.strip_prefix(root.path());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }
}
