//! The checks of a template: do its functions and layers fit their zips?

use clap::ValueEnum;

use super::diagnostic::Finding;
use super::template_architecture::text_of;
use super::template_check::{Found, TemplateCheck, ZipFacts, exact, mismatch};
use crate::cloudformation::{Function, Layer, LayerUse, Stated};
use crate::lambda::{Runtime, managed};
use crate::text::{self, quoted_name};

/// The OS-only runtime that a function states; `None` for any other, or none.
pub(crate) fn runtime_of(function: &Function) -> Option<Runtime> {
    match &function.runtime {
        Stated::Given(name, _) => exact(name),
        Stated::Absent | Stated::Unknown => None,
    }
}

impl TemplateCheck<'_> {
    /// Checks a function against its zip, and against those of its layers that are known.
    pub(crate) fn function(
        &self,
        function: &Function,
        zip: &ZipFacts<'_>,
        layers: &[ZipFacts<'_>],
    ) -> Vec<Finding> {
        let mut found = Vec::new();
        found.extend(self.package_type(function, zip));
        found.extend(self.runtime(function, zip));
        found.extend(self.handler(function));
        found.extend(self.layer_uses(function));
        found.extend(self.function_architecture(function, zip, layers));
        self.findings(found)
    }

    /// `PackageType` is `Zip`, which is the default: Lambda knows the names in this case only.
    fn package_type(&self, function: &Function, zip: &ZipFacts<'_>) -> Option<Found> {
        let Stated::Given(kind, line) = &function.package_type else {
            return None;
        };
        let named = self.named(&function.id, *line);
        let given = quoted_name(kind);
        match kind.as_str() {
            "Zip" => None,
            "Image" => Some(mismatch(
                *line,
                format!(
                    "{named} has `PackageType: Image`, so Lambda refuses its zip {}",
                    zip.shown()
                ),
                format!("remove `PackageType`, or `{}`", function.code_property),
            )),
            _ => Some(mismatch(
                *line,
                format!("{named} has the `PackageType` {given}, which Lambda does not know"),
                "write `PackageType: Zip`, or remove it".to_owned(),
            )),
        }
    }

    /// Checks a layer against its zip.
    pub(crate) fn layer(&self, layer: &Layer, zip: &ZipFacts<'_>) -> Vec<Finding> {
        let Stated::Given(given, line) = &layer.architectures else {
            return Vec::new();
        };
        let named = self.named(&layer.id, *line);
        let mut found = Vec::new();
        let known = self.known(given, *line, "CompatibleArchitectures", &layer.id);
        let known = known.unwrap_or_else(|mismatch| {
            found.push(mismatch);
            Vec::new()
        });
        if let Some(built) = zip.architecture
            && !known.is_empty()
            && !known.contains(&built)
        {
            found.push(mismatch(
                *line,
                format!(
                    "{named} is a layer for {}, but {} is built for {built}: Lambda does not compare \
                     them, and its programs would fail with `exec format error`",
                    text_of(&known),
                    zip.shown()
                ),
                format!("write `CompatibleArchitectures: [{built}]`, or make the zip again"),
            ));
        }
        self.findings(found)
    }

    fn runtime(&self, function: &Function, zip: &ZipFacts<'_>) -> Option<Found> {
        let add = format!("`Runtime: {}`", Runtime::default());
        let (name, line) = match &function.runtime {
            Stated::Unknown | Stated::Absent => return None,
            Stated::Given(name, line) => (name, *line),
        };
        let named = self.named(&function.id, line);
        let quoted = quoted_name(name);
        let message = if exact::<Runtime>(name).is_some() {
            return None;
        } else if !managed::is_runtime(name) {
            let known = Runtime::value_variants()
                .iter()
                .map(|runtime| runtime.name());
            let closest = text::closest(name, known);
            let closest = closest.map_or_else(String::new, |closest| {
                format!("; did you mean `{closest}`?")
            });
            format!("{named} has the runtime {quoted}, which Lambda does not have{closest}")
        } else if managed::is_of_language(name) && zip.has_program {
            format!(
                "{named} has the runtime {quoted}, which does not start the `bootstrap` of {}",
                zip.shown()
            )
        } else {
            return None;
        };
        Some(mismatch(line, message, format!("write {add}")))
    }

    /// Source: the property `Layers` of `AWS::Lambda::Function` in the CloudFormation Template
    /// Reference, and "Conditions" in the CloudFormation User Guide.
    fn layer_uses(&self, function: &Function) -> Vec<Found> {
        let uses = function.layers.iter();
        let found = uses.filter_map(|layer| {
            let (line, layer, why, help) = match layer {
                LayerUse::Zip(_) | LayerUse::Unknown => return None,
                LayerUse::NoList(line) => {
                    let named = self.named(&function.id, *line);
                    return Some(mismatch(
                        *line,
                        format!("{named} has no list as `Layers`, and CloudFormation takes a list"),
                        "write `Layers: [!Ref Id]` with the logical ID of a layer in the template, or \
                         a list of ARNs"
                            .to_owned(),
                    ));
                }
                LayerUse::NoArn(text, line) => (
                    *line,
                    text,
                    "is not the ARN of a version of a layer: CloudFormation takes only such ARNs in \
                     `Layers`",
                    "write `!Ref` and the logical ID of a layer in the template, or the ARN of a version \
                     of a layer",
                ),
                LayerUse::NotDeployed(id, line) => (
                    *line,
                    id,
                    "is not deployed, because its condition is false: CloudFormation refuses the \
                     reference",
                    "take the layer under the same condition, with `!If` and `!Ref AWS::NoValue`",
                ),
            };
            let named = self.named(&function.id, line);
            let message = format!("{named} has the layer {}, which {why}", quoted_name(layer));
            Some(mismatch(line, message, help.to_owned()))
        });
        found.collect()
    }

    /// Source: the parameter `Handler` of Lambda's `CreateFunction`, with its pattern and length.
    fn handler(&self, function: &Function) -> Option<Found> {
        const LONGEST: usize = 128;
        if function.is_image() {
            return None;
        }
        let Stated::Given(name, line) = &function.handler else {
            return None;
        };
        let is_valid = !name.is_empty()
            && name.chars().count() <= LONGEST
            && !name.contains(char::is_whitespace);
        if is_valid {
            return None;
        }
        let message = format!(
            "{} has the handler {}, which Lambda refuses: it takes up to {LONGEST} characters without \
             spaces",
            self.named(&function.id, *line),
            quoted_name(name)
        );
        let help = "write `Handler: bootstrap` in its properties".to_owned();
        Some(mismatch(*line, message, help))
    }
}
