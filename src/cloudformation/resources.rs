//! The resources of a template.

use camino::Utf8Path;

use super::code::{self, Clients, Code, IMAGE};
use super::deployed::{self, Deployed};
use super::fault::Fault;
use super::forms;
use super::globals;
use super::kinds::{FUNCTIONS, LAYERS, NESTED, is_module, kind};
use super::layer_uses::{self, LayerContents, Layers};
use super::model::{Function, Layer, Refusal, Stated, Template, Unchecked};
use super::node::{Key, Map, Node, Value};
use super::parameter_override::ParameterOverride;
use super::properties::Properties;
use super::references::References;
use super::resolve::Resolver;
use super::transforms::Transforms;
use crate::text::printable;

/// Reads the template at the absolute `path`, whose tree is `root`.
///
/// # Errors
/// If it has no `Resources`.
pub(super) fn read(
    path: &Utf8Path,
    root: &Node,
    overrides: &[ParameterOverride],
) -> Result<Template, Fault> {
    let none = |node: &Node| {
        let message = "the template has no `Resources`, so it is none of CloudFormation or SAM";
        Fault::new(node.position, message, "`Resources` is missing")
    };
    let map = root.map().ok_or_else(|| none(root))?;
    let resources = map.get("Resources").ok_or_else(|| none(root))?;
    let resources = resources.map().ok_or_else(|| {
        let message = "`Resources` is not a map of logical IDs";
        Fault::new(resources.position, message, "expected a map")
    })?;
    let resolver = Resolver::new(map, overrides);
    let parameters = map.section("Parameters");
    let parameters = parameters.into_iter().flat_map(|map| &map.0);
    let globals = map.section("Globals");
    let globals = globals.and_then(|globals| globals.section("Function"));
    let transforms = Transforms::of(map);
    let references = References::new(map, &transforms);
    let mut reader = Reader {
        resolver: &resolver,
        references: &references,
        has_language_extensions: transforms.has_language_extensions(),
        globals,
        folder: path.parent().unwrap_or(path),
        layers: Layers::new(),
        template: Template {
            path: path.to_owned(),
            parameters: parameters.map(|(key, _)| key.text.clone()).collect(),
            ..Template::default()
        },
    };
    reader.macros(&transforms);
    // Functions refer to layers, which may stand below them.
    for kinds in [&LAYERS, &FUNCTIONS] {
        for (key, node) in &resources.0 {
            reader.resource(key, node, kinds);
        }
    }
    for (key, node) in &resources.0 {
        reader.others(key, node);
    }
    let mut template = reader.template;
    let outputs = map.section("Outputs");
    let refusals = &mut template.refusals;
    if !references.may_add_names {
        let own = resources.0.iter().filter(|(key, _)| !key.is_function());
        refusals.extend(own.flat_map(|(key, node)| forms::of_resource(key, node)));
    }
    if transforms.has_sam() && !references.may_add_names {
        refusals.extend(forms::of_globals(map));
    }
    refusals.extend(references.sam_without_transform(map));
    refusals.extend(references.of_conditions());
    refusals.extend(references.of_section(Some(resources)));
    refusals.extend(references.of_section(outputs));
    refusals.extend(references.of_properties("Globals", globals));
    refusals.sort_by_key(|refusal| refusal.line);
    // A deploy does not come to what is refused.
    template.unchecked.retain(|unchecked| {
        let is_at = |refusal: &Refusal| {
            unchecked.line == refusal.line && unchecked.resource.as_ref() == Some(&refusal.resource)
        };
        !template.refusals.iter().any(is_at)
    });
    template.unchecked.sort_by_key(|unchecked| unchecked.line);
    Ok(template)
}

struct Reader<'a> {
    resolver: &'a Resolver<'a>,
    references: &'a References<'a>,
    has_language_extensions: bool,
    globals: Option<&'a Map>,
    folder: &'a Utf8Path,
    layers: Layers,
    template: Template,
}

impl Reader<'_> {
    fn leave(&mut self, key: &Key, reason: impl Into<String>) {
        self.template.unchecked.push(Unchecked {
            resource: Some(key.text.clone()),
            line: key.position.line,
            reason: reason.into(),
        });
    }

    /// Notes macros, which may change everything.
    fn macros(&mut self, transforms: &Transforms<'_>) {
        for (name, line) in transforms.unknown() {
            self.template.unchecked.push(Unchecked {
                resource: None,
                line,
                reason: format!(
                    "only a deploy runs the macro `{}`, which may change the resources",
                    printable(name)
                ),
            });
        }
    }

    /// Reads a function or a layer, if the resource is one of the types in `kinds`.
    fn resource(&mut self, key: &Key, node: &Node, kinds: &[(&str, &'static str); 2]) {
        let kind = kind(node);
        let Some((kind, code)) = kinds.iter().find(|(name, _)| Some(*name) == kind) else {
            return;
        };
        let left = match deployed::read(node, self.resolver, self.references) {
            Deployed::Always => None,
            Deployed::Never(reason) => Some((LayerContents::NotDeployed, reason)),
            Deployed::Unknown(reason) => Some((LayerContents::PerhapsDeployed, reason)),
        };
        if let Some((contents, reason)) = left {
            if kinds == &LAYERS {
                self.layers.insert(key.text.clone(), contents);
            }
            self.leave(key, reason);
            return;
        }
        let given = node.map().and_then(|resource| resource.get("Properties"));
        let own = match given.map(|given| &given.value) {
            None => None,
            Some(Value::Map(map)) => Some(map),
            Some(_) => {
                self.leave(key, "only a deploy resolves its properties");
                return;
            }
        };
        let is_of_sam = *kind == FUNCTIONS[0].0;
        let globals = self.globals.filter(|_| is_of_sam);
        let globals = globals.map(|globals| globals::taken(globals, node, own));
        let mut properties = Properties {
            id: &key.text,
            line: key.position.line,
            own,
            globals: globals.as_ref(),
            resolver: self.resolver,
            unchecked: Vec::new(),
            refusals: self.references.of_properties(&key.text, own),
        };
        let metadata = node.map().and_then(|resource| resource.get("Metadata"));
        let method = metadata.and_then(|metadata| metadata.map()?.get("BuildMethod"));
        let clients = Clients {
            folder: self.folder,
            is_built: method.is_some(),
            has_language_extensions: self.has_language_extensions,
        };
        if kinds == &LAYERS {
            self.layer(&mut properties, code, &clients);
        } else {
            self.function(&mut properties, code, &clients);
        }
        self.template.unchecked.extend(properties.unchecked);
        self.template.refusals.extend(properties.refusals);
    }

    fn layer(
        &mut self,
        properties: &mut Properties<'_>,
        code: &'static str,
        clients: &Clients<'_>,
    ) {
        let contents = match code::read(properties, code, clients) {
            Code::Zip(zip, code_line) => {
                self.template.layers.push(Layer {
                    id: properties.id.to_owned(),
                    line: properties.line,
                    zip: zip.clone(),
                    code_line,
                    architectures: properties.architectures("CompatibleArchitectures"),
                });
                LayerContents::Zip(zip)
            }
            Code::Elsewhere | Code::Image => LayerContents::Elsewhere,
        };
        self.layers.insert(properties.id.to_owned(), contents);
    }

    fn function(
        &mut self,
        properties: &mut Properties<'_>,
        code: &'static str,
        clients: &Clients<'_>,
    ) {
        let is_whole = !self.references.may_add_names;
        if is_whole && code == FUNCTIONS[1].1 {
            let role = "Role: !GetAtt Role.Arn";
            properties.require("Role", "CloudFormation requires", role);
        }
        let package_type = properties.text("PackageType");
        if package_type.is("Image") && !properties.is_text(code) {
            properties.leave(properties.line, IMAGE);
            return;
        }
        let read = code::read(properties, code, clients);
        let is_zip = matches!(package_type, Stated::Absent) || package_type.is("Zip");
        if is_whole && is_zip && !matches!(read, Code::Image) {
            let who = "Lambda requires of a zip";
            properties.require("Runtime", who, "Runtime: provided.al2023");
            properties.require("Handler", who, "Handler: bootstrap");
        }
        let (zip, code_line) = match read {
            Code::Zip(zip, line) => (zip, line),
            Code::Elsewhere | Code::Image => {
                // Refusals of the layers count, but not the parts of them that are unknown.
                let known = properties.unchecked.len();
                layer_uses::read(properties, &self.layers, self.references);
                properties.unchecked.truncate(known);
                return;
            }
        };
        let function = Function {
            id: properties.id.to_owned(),
            line: properties.line,
            zip,
            code_property: code,
            code_line,
            package_type,
            architectures: properties.architectures("Architectures"),
            runtime: properties.text("Runtime"),
            handler: properties.text("Handler"),
            layers: layer_uses::read(properties, &self.layers, self.references),
        };
        self.template.functions.push(function);
    }

    /// Notes the resources that may have functions, but are none.
    fn others(&mut self, key: &Key, node: &Node) {
        let reason = match kind(node) {
            _ if key.is_function() => "only a deploy expands it",
            Some(kind) if NESTED.contains(&kind) => {
                "it is a template of its own: name that with `--template`"
            }
            Some(kind) if is_module(kind) => "only a deploy expands the module",
            Some(_) => return,
            None => "it has no `Type`",
        };
        match deployed::read(node, self.resolver, self.references) {
            Deployed::Never(reason) => self.leave(key, reason),
            Deployed::Always | Deployed::Unknown(_) => self.leave(key, reason),
        }
    }
}
