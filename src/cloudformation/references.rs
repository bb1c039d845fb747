//! The references of a template that no deploy resolves.
//!
//! Source: CloudFormation's errors "Unresolved resource dependencies", "Unresolved condition dependency"
//! and "Unrecognized resource types".

use std::collections::HashSet;
use std::rc::Rc;

use super::calls::{Call, calls, named};
use super::kinds::{LAYERS, is_module, is_no_layer, is_of_sam, kind};
use super::model::Refusal;
use super::node::{Map, Node, Value};
use super::transforms::{SAM, Transforms};
use crate::text::{closest, quoted_name};

/// Source: "Pseudo parameters reference" in the CloudFormation Template Reference.
const PSEUDO_PARAMETERS: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// The properties of functions and layers whose references are followed.
const PROPERTIES: [&str; 5] = [
    "Architectures",
    "CompatibleArchitectures",
    "Handler",
    "Layers",
    "Runtime",
];

/// The sections that have names.
const SECTIONS: [&str; 4] = ["Parameters", "Conditions", "Mappings", "Resources"];

pub(super) const REFUSED: &str = "CloudFormation refuses the template";

/// The parts of a template that references name.
pub(super) struct References<'a> {
    parameters: Option<&'a Map>,
    conditions: Option<&'a Map>,
    mappings: Option<&'a Map>,
    resources: Option<&'a Map>,
    has_sam: bool,
    /// True if a macro may add names, and change everything else.
    pub(super) may_add_names: bool,
}

impl<'a> References<'a> {
    pub(super) fn new(template: &'a Map, transforms: &Transforms<'_>) -> Self {
        // With `Fn::Transform` alone in it, a section is a call.
        let is_made = |name: &&str| {
            let section = template.get(name);
            section.is_some_and(|node| matches!(node.value, Value::Call(..)))
        };
        Self {
            parameters: template.section("Parameters"),
            conditions: template.section("Conditions"),
            mappings: template.section("Mappings"),
            resources: template.section("Resources"),
            has_sam: transforms.has_sam(),
            may_add_names: transforms.may_add_names() || SECTIONS.iter().any(is_made),
        }
    }

    /// True if a reference to the resource of this logical ID, or to its attribute, is certainly no layer.
    pub(super) fn is_no_layer(&self, id: &str, attribute: Option<&str>) -> bool {
        let resource = self.resources.and_then(|resources| resources.get(id));
        let kind = resource.and_then(|node| kind(node));
        kind.is_some_and(|kind| is_no_layer(kind, attribute))
    }

    /// The refusal of types of SAM in a template without its macro.
    pub(super) fn sam_without_transform(&self, template: &Map) -> Option<Refusal> {
        if self.has_sam || self.may_add_names {
            return None;
        }
        let mut resources = self.resources.into_iter().flat_map(|section| &section.0);
        let resource = resources.find(|(_, node)| is_of_sam(node));
        let resource = resource.map(|(key, _)| (&*key.text, key.position.line, "is of SAM"));
        let globals = template.entry("Globals");
        let globals = globals.map(|(line, _)| ("Globals", line, "is a section of SAM"));
        let (id, line, what) = resource.or(globals)?;
        Some(Refusal::new(
            id,
            line,
            format!("{what}, and the template has no `Transform: {SAM}`: {REFUSED}"),
            format!("add the line `Transform: {SAM}` to the template"),
        ))
    }

    /// The references of conditions, which name other conditions and parameters.
    pub(super) fn of_conditions(&self) -> Vec<Refusal> {
        let mut found = Found::default();
        for (id, node) in named(self.conditions) {
            for call in calls(node) {
                self.sections(id, &call, &mut found);
                if let ("Condition", Some(name)) = (call.function, call.argument.text()) {
                    self.condition(id, name, call.line, &mut found);
                }
                let names = call.references().into_iter();
                for name in names.filter(|name| !self.may_be_parameter(name)) {
                    let what = "no parameter of the template";
                    found.name(id, name, call.line, what, keys(self.parameters));
                }
            }
        }
        found.refusals
    }

    /// The conditions and mappings that the resources and outputs of a `section` name, and the resources
    /// that they wait for.
    pub(super) fn of_section(&self, section: Option<&Map>) -> Vec<Refusal> {
        let mut found = Found::default();
        for (id, node) in named(section) {
            let own = |key| node.map().and_then(|map| map.entry(key));
            if let Some((line, condition)) = own("Condition") {
                if let Some(name) = condition.text() {
                    self.condition(id, name, line, &mut found);
                } else {
                    let what = "has a `Condition` that is not the name of a condition";
                    found.form(id, line, what, "name one of the section `Conditions`");
                }
            }
            if let Some((line, others)) = own("DependsOn") {
                self.dependencies(id, line, others, &mut found);
            }
            for call in calls(node) {
                self.sections(id, &call, &mut found);
            }
        }
        found.refusals
    }

    /// The resources that another one waits for.
    fn dependencies(&self, id: &str, line: usize, others: &Rc<Node>, found: &mut Found) {
        for other in others.list().unwrap_or(std::slice::from_ref(others)) {
            let help = "name another resource by its logical ID, or several in a list";
            match other.text() {
                Some(name) if name == id => found.form(id, line, "depends on itself", help),
                Some(name) if !self.may_be_resource(name) => {
                    let what = "no resource of the template";
                    found.name(id, name, other.line(), what, keys(self.resources));
                }
                None if !other.is_open() => {
                    let what = "has a `DependsOn` that is not the name of a resource";
                    found.form(id, line, what, help);
                }
                _ => {}
            }
        }
    }

    /// The references of the properties `given` of the function or layer `id`.
    pub(super) fn of_properties(&self, id: &str, given: Option<&Map>) -> Vec<Refusal> {
        let mut found = Found::default();
        let given = named(given).filter(|(property, _)| PROPERTIES.contains(property));
        for (property, node) in given {
            let is_there = |name: &str| {
                self.may_be_parameter(name)
                    || match property {
                        "Layers" => self.may_be_layer(name),
                        _ => self.may_be_resource(name),
                    }
            };
            for call in calls(node) {
                let names = call.references().into_iter();
                for name in names.filter(|name| !is_there(name)) {
                    let what = "no parameter, resource or pseudo parameter of the template";
                    let known = keys(self.parameters).chain(keys(self.resources));
                    found.name(id, name, call.line, what, known);
                }
            }
        }
        found.refusals
    }

    /// The conditions and mappings that a function of CloudFormation names.
    fn sections(&self, id: &str, call: &Call<'_>, found: &mut Found) {
        let Some(name) = call.items().first().and_then(|first| first.text()) else {
            return;
        };
        match call.function {
            "If" => self.condition(id, name, call.line, found),
            "FindInMap" => self.mapping(id, name, call, found),
            _ => {}
        }
    }

    /// The mapping `name` and the keys that a `!FindInMap` names.
    fn mapping(&self, id: &str, name: &str, call: &Call<'_>, found: &mut Found) {
        // A fourth item has a default.
        let [_, names @ ..] = call.items() else {
            return;
        };
        if self.may_add_names || names.len() != 2 {
            return;
        }
        if !self.may_be_in(self.mappings, name) {
            let what = "no mapping of the template";
            return found.name(id, name, call.line, what, keys(self.mappings));
        }
        let mut map = self.mappings.and_then(|mappings| mappings.section(name));
        let what = format!("no key of the mapping {}", quoted_name(name));
        for key in names {
            let (Some(key), Some(above)) = (key.text(), map.filter(|map| !map.is_open())) else {
                return;
            };
            let Some(below) = above.get(key) else {
                return found.name(id, key, call.line, &what, keys(Some(above)));
            };
            map = below.map();
        }
    }

    /// False if the template certainly has no such condition.
    pub(super) fn may_have_condition(&self, name: &str) -> bool {
        self.may_be_in(self.conditions, name)
    }

    fn condition(&self, id: &str, name: &str, line: usize, found: &mut Found) {
        if !self.may_have_condition(name) {
            let what = "no condition of the template";
            found.name(id, name, line, what, keys(self.conditions));
        }
    }

    /// False if the section certainly has no such name.
    fn may_be_in(&self, section: Option<&Map>, name: &str) -> bool {
        let has = |section: &Map| section.is_open() || section.get(name).is_some();
        self.may_add_names || section.is_some_and(has)
    }

    fn may_be_parameter(&self, name: &str) -> bool {
        PSEUDO_PARAMETERS.contains(&name) || self.may_be_in(self.parameters, name)
    }

    fn may_be_resource(&self, name: &str) -> bool {
        let of_template = ["Serverless", "CodeDeploy"];
        let is_of_template = || of_template.iter().any(|of_sam| name.starts_with(of_sam));
        // For embedded connectors, SAM makes policies of other resources, too.
        let has_connectors =
            |node: &Node| (node.map()).is_some_and(|map| map.get("Connectors").is_some());
        self.is_resource_or_below(name, |node, _| is_of_sam(node) || has_connectors(node))
            || self.has_sam && is_of_template()
    }

    /// SAM adds ten hexadecimal digits to the logical ID of a layer.
    fn may_be_layer(&self, name: &str) -> bool {
        self.is_resource_or_below(name, |node, rest| {
            let is_digest = rest.len() == 10 && rest.bytes().all(|b| b.is_ascii_hexdigit());
            kind(node) == Some(LAYERS[0].0) && is_digest
        })
    }

    /// True if there may be such a resource, or one to whose logical ID SAM or a module adds the rest:
    /// for SAM, `is_generated` says it by the resource and the rest.
    fn is_resource_or_below(&self, name: &str, is_generated: impl Fn(&Node, &str) -> bool) -> bool {
        let id = logical_id(name);
        let is_below = |(own, node): (&str, &Rc<Node>)| {
            let is_of_module = kind(node).is_some_and(is_module);
            let rest = id.strip_prefix(own);
            rest.is_some_and(|rest| is_of_module || self.has_sam && is_generated(node, rest))
        };
        self.may_be_in(self.resources, id) || named(self.resources).any(is_below)
    }
}

/// The refusals, each name once for a resource.
#[derive(Default)]
struct Found {
    refusals: Vec<Refusal>,
    seen: HashSet<(String, String)>,
}

impl Found {
    fn form(&mut self, id: &str, line: usize, what: &str, help: &str) {
        self.refusals
            .push(Refusal::new(id, line, format!("{what}: {REFUSED}"), help));
    }

    fn name<'k>(
        &mut self,
        id: &str,
        name: &str,
        line: usize,
        what: &str,
        known: impl Iterator<Item = &'k str>,
    ) {
        if !self.seen.insert((id.to_owned(), format!("{name} {what}"))) {
            return;
        }
        let meant = closest(logical_id(name), known);
        let meant = meant.map_or_else(String::new, |meant| {
            format!("; did you mean {}?", quoted_name(meant))
        });
        self.refusals.push(Refusal::new(
            id,
            line,
            format!(
                "refers to {}, which is {what}: {REFUSED}{meant}",
                quoted_name(name)
            ),
            "correct the name, or add it to the template",
        ));
    }
}

/// The logical ID in `Id.Attribute`.
fn logical_id(name: &str) -> &str {
    name.split_once('.').map_or(name, |(id, _)| id)
}

fn keys(section: Option<&Map>) -> impl Iterator<Item = &str> {
    named(section).map(|(name, _)| name)
}
