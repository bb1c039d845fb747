//! Layers that functions have, each read once.

use std::collections::HashMap;

use crate::archive::read::LargeEntryLock;
use crate::bytes::Size;
use crate::config::{LayerSource, Settings};
use crate::error::Result;
use crate::lint::{self, LayerFacts};

/// The layers that were read in this run. Many functions may have the same layer.
#[derive(Default)]
pub(super) struct LayerCache {
    known: HashMap<LayerSource, LayerFacts>,
    lock: LargeEntryLock,
}

impl LayerCache {
    /// The layers that `settings` name.
    ///
    /// # Errors
    /// If one of them cannot be read.
    pub(super) fn of(&mut self, settings: &Settings) -> Result<Vec<LayerFacts>> {
        let layers = settings.layers.iter();
        layers.map(|layer| self.facts(layer)).collect()
    }

    fn facts(&mut self, layer: &LayerSource) -> Result<LayerFacts> {
        if let Some(known) = self.known.get(layer) {
            return Ok(known.clone());
        }
        // Programs and libraries of layers are checked with the function, as `check` does.
        let facts = match layer {
            LayerSource::Size(Size(bytes)) => LayerFacts::of_size(*bytes),
            LayerSource::Zip(path) => lint::read_whole_layer(path, &self.lock)?,
        };
        self.known.insert(layer.clone(), facts.clone());
        Ok(facts)
    }
}
