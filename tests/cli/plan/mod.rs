//! What is made, known before anything is built.

mod collisions;
mod deploy_names;
mod dry_run;
mod features;
mod foreseen;
mod given_layers;
mod layers;
mod layers_refused;
mod named_layers;
mod outputs;
mod partition;
mod required_features;
mod selection;
