//! A layer that a package takes.

use std::collections::HashMap;
use std::sync::Arc;

use camino::Utf8PathBuf;

use crate::config::LayerSource;
use crate::lint::LayerFacts;

/// A layer that a package takes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TakenLayer {
    pub(crate) source: LayerSource,
    /// The facts that are known before anything is built.
    pub(crate) facts: Arc<LayerFacts>,
    /// The package of the plan that is the layer; `None` unless it is taken by its name.
    pub(crate) made: Option<MadeLayer>,
}

impl TakenLayer {
    /// The facts about the layer, with those about the layers that were `made` in this run, by the
    /// paths of their zips; `None` if the layer is not made yet.
    pub(crate) fn facts(&self, made: &MadeLayers) -> Option<Arc<LayerFacts>> {
        let facts = match &self.made {
            Some(layer) => made.get(&layer.path)?,
            None => &self.facts,
        };
        Some(Arc::clone(facts))
    }
}

/// The facts about layers that were made, by the paths of their zips.
pub(crate) type MadeLayers = HashMap<Utf8PathBuf, Arc<LayerFacts>>;

/// A zip of the plan that is a layer of another package.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MadeLayer {
    /// The position of its package in the plan.
    pub(super) package: usize,
    pub(crate) path: Utf8PathBuf,
}
