//! Layers that functions have, each read once.

use std::collections::HashMap;
use std::sync::Arc;

use crate::archive::read::LargeEntryLock;
use crate::config::{LayerSource, Settings};
use crate::error::Result;
use crate::lambda::Architecture;
use crate::lint::{self, LayerFacts};

use super::taken_layer::TakenLayer;

/// The layers that were read in this run. Many functions may have the same layer.
#[derive(Default)]
pub(super) struct LayerCache {
    known: HashMap<LayerSource, Arc<LayerFacts>>,
    lock: LargeEntryLock,
}

impl LayerCache {
    /// The layers that `settings` give a function of that architecture.
    ///
    /// # Errors
    /// If one of them cannot be read.
    pub(super) fn of(
        &mut self,
        settings: &Settings,
        architecture: Option<Architecture>,
    ) -> Result<Vec<TakenLayer>> {
        let layers = settings.layers.iter();
        let layers = layers.map(|layer| {
            let rendered = layer.for_architecture(architecture);
            Ok(TakenLayer {
                facts: match &rendered {
                    Some(layer) => self.facts(layer)?,
                    None => Arc::default(),
                },
                source: rendered.unwrap_or_else(|| layer.clone()),
                made: None,
            })
        });
        layers.collect()
    }

    fn facts(&mut self, layer: &LayerSource) -> Result<Arc<LayerFacts>> {
        if let Some(known) = self.known.get(layer) {
            return Ok(Arc::clone(known));
        }
        // Programs and libraries of layers are checked with the function, as `check` does.
        let facts = match layer {
            LayerSource::Zip(path) => lint::read_whole_layer(path, &self.lock)?,
            other => other.facts().unwrap_or_default(),
        };
        let facts = Arc::new(facts);
        self.known.insert(layer.clone(), Arc::clone(&facts));
        Ok(facts)
    }
}
