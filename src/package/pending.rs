//! Zips in the making: each waits for its programs.

use std::sync::{Arc, Mutex, PoisonError};

use super::input::Image;
use crate::cargo::builders::BuiltBinary;
use crate::plan::{Place, Plan, PlannedArchive};

/// Gathers what is built until a zip has all that it needs.
pub(crate) struct Assembly {
    plan: Arc<Plan>,
    /// In the order of the plan's zips.
    waiting: Mutex<Vec<Gathered>>,
}

/// The programs of a zip, by their positions in the plan; none of a zip that was given out.
type Gathered = Vec<Option<Arrived>>;

/// A program that is there.
#[derive(Clone)]
struct Arrived {
    image: Arc<Image>,
    is_fresh: bool,
}

/// A zip whose programs are all there.
pub(crate) struct Complete<'a> {
    pub(crate) archive: &'a PlannedArchive,
    pub(crate) place: &'a Place,
    /// By their paths in the zip.
    pub(crate) programs: Vec<(String, Arc<Image>)>,
    /// Whether nothing was compiled for it.
    pub(crate) is_fresh: bool,
}

impl Assembly {
    pub(crate) fn new(plan: Arc<Plan>) -> Self {
        let waiting = plan
            .zips()
            .map(|(archive, _)| vec![None; archive.programs.len()])
            .collect();
        Self {
            plan,
            waiting: Mutex::new(waiting),
        }
    }

    /// Takes a program that was built, and gives out the zips that waited for nothing else.
    pub(crate) fn add(&self, built: &BuiltBinary, image: Image) -> Vec<Complete<'_>> {
        let arrived = Arrived {
            image: Arc::new(image),
            is_fresh: built.is_fresh,
        };
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut complete = Vec::new();
        for ((archive, place), gathered) in self.plan.zips().zip(waiting.iter_mut()) {
            if gathered.is_empty() || !place.is_for(built) {
                continue;
            }
            for position in archive.positions_of(built) {
                gathered[position] = Some(arrived.clone());
            }
            if gathered.iter().all(Option::is_some) {
                let programs: Vec<Arrived> =
                    std::mem::take(gathered).into_iter().flatten().collect();
                let is_fresh = programs.iter().all(|program| program.is_fresh);
                let images = programs.into_iter().map(|program| program.image);
                let paths = archive.programs.iter().map(|program| program.path.clone());
                complete.push(Complete {
                    archive,
                    place,
                    programs: paths.zip(images).collect(),
                    is_fresh,
                });
            }
        }
        complete
    }
}
