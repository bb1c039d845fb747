//! The properties of one resource.

use std::rc::Rc;

use super::model::{Architectures, Refusal, Stated, Unchecked};
use super::node::{Map, Node};
use super::references::REFUSED;
use super::resolve::Resolver;
use super::values::{Resolved, Values};

/// The properties of a resource, with the defaults of SAM's `Globals`.
pub(super) struct Properties<'a> {
    pub(super) id: &'a str,
    /// The line of the logical ID.
    pub(super) line: usize,
    pub(super) own: Option<&'a Map>,
    pub(super) globals: Option<&'a Map>,
    pub(super) resolver: &'a Resolver<'a>,
    /// The parts that are found not to be checked.
    pub(super) unchecked: Vec<Unchecked>,
    pub(super) refusals: Vec<Refusal>,
}

impl Properties<'_> {
    pub(super) fn leave(&mut self, line: usize, reason: impl Into<String>) {
        self.unchecked.push(Unchecked {
            resource: Some(self.id.to_owned()),
            line,
            reason: reason.into(),
        });
    }

    pub(super) fn refuse(&mut self, line: usize, message: String, help: String) {
        let refusal = Refusal::new(self.id, line, message, help);
        self.refusals.push(refusal);
    }

    fn leave_to_deploy(&mut self, line: usize, property: &str, why: &str) {
        self.leave(line, format!("only a deploy resolves `{property}`: {why}"));
    }

    /// The line of a property and its node: the resource's own goes before that of `Globals`.
    pub(super) fn entry(&self, name: &str) -> Option<(usize, &Rc<Node>)> {
        let own = self.own.and_then(|own| own.entry(name));
        own.or_else(|| self.globals.and_then(|globals| globals.entry(name)))
    }

    /// True if the property has a value, which may be one that only a deploy resolves.
    pub(super) fn is_given(&self, name: &str) -> bool {
        let entry = self.entry(name);
        entry.is_some_and(|(_, node)| !matches!(self.resolver.resolve(node), Resolved::Absent))
    }

    /// True if the value of the property is certainly a text.
    pub(super) fn is_text(&self, name: &str) -> bool {
        let entry = self.entry(name);
        entry.is_some_and(|(_, node)| self.resolver.text(node).is_ok())
    }

    /// The value of a property. One that only a deploy resolves is noted as unchecked.
    pub(super) fn value(&mut self, name: &str) -> Stated<Rc<Node>> {
        let Some((line, node)) = self.entry(name) else {
            if self.own.is_some_and(Map::is_open) {
                let why = "`Fn::Transform` adds properties";
                self.leave_to_deploy(self.line, name, why);
                return Stated::Unknown;
            }
            return Stated::Absent;
        };
        match self.resolver.resolve(node) {
            Resolved::Known(value) => Stated::Given(value, line),
            Resolved::Absent => Stated::Absent,
            Resolved::Unknown(why) => {
                self.leave_to_deploy(line, name, &why);
                Stated::Unknown
            }
        }
    }

    pub(super) fn text(&mut self, name: &str) -> Stated<String> {
        match self.value(name) {
            Stated::Given(node, line) => {
                let text = node.text().map(str::to_owned);
                text.map_or_else(
                    || self.refuse_form(line, name, "text", &node),
                    |text| Stated::Given(text, line),
                )
            }
            Stated::Absent => Stated::Absent,
            Stated::Unknown => Stated::Unknown,
        }
    }

    /// The list of architectures in the property `name`.
    pub(super) fn architectures(&mut self, name: &str) -> Stated<Architectures> {
        let own = self.architectures_of(self.own, name);
        let global = self.architectures_of(self.globals, name);
        if let (Some(own), Some(global)) = (own, global)
            && own != global
        {
            let line = self.entry(name).map_or(self.line, |(line, _)| line);
            self.leave(
                line,
                format!(
                    "`Globals` has other `{name}` than the function: some versions of SAM join both \
                     lists, and Lambda takes one architecture; name it in one of the places"
                ),
            );
        }
        let (node, line) = match self.value(name) {
            Stated::Given(node, line) => (node, line),
            Stated::Absent => return Stated::Absent,
            Stated::Unknown => return Stated::Unknown,
        };
        let Some(items) = node.list() else {
            return node.text().map_or_else(
                || self.refuse_form(line, name, "list", &node),
                |text| {
                    let names = vec![text.to_owned()];
                    let is_list = false;
                    Stated::Given(Architectures { names, is_list }, line)
                },
            );
        };
        let mut names = Vec::new();
        for item in items {
            match self.resolver.resolve(item) {
                Resolved::Absent => {}
                Resolved::Known(value) if value.text().is_some() => {
                    names.extend(value.text().map(str::to_owned));
                }
                Resolved::Known(item) => {
                    return self.refuse_form(line, name, "list of texts", &item);
                }
                Resolved::Unknown(why) => {
                    self.leave_to_deploy(line, name, &why);
                    return Stated::Unknown;
                }
            }
        }
        let is_list = true;
        Stated::Given(Architectures { names, is_list }, line)
    }

    /// Refuses a value that is no `form`, unless only a deploy knows its form.
    pub(super) fn refuse_form<T>(
        &mut self,
        line: usize,
        name: &str,
        form: &str,
        value: &Node,
    ) -> Stated<T> {
        if value.is_open() {
            self.leave_to_deploy(line, name, "`Fn::` adds to it");
        } else {
            let message = format!("has no {form} as `{name}`: {REFUSED}");
            self.refuse(line, message, format!("write a {form}"));
        }
        Stated::Unknown
    }

    /// Refuses a resource without the property `name`. `who` is the clause that tells who requires it.
    pub(super) fn require(&mut self, name: &str, who: &str, example: &str) {
        let may_be_added = self.own.is_some_and(Map::is_open);
        if !may_be_added && !self.is_given(name) {
            let message = format!("has no `{name}`, which {who}");
            self.refuse(
                self.line,
                message,
                format!("add `{name}` to its properties, such as `{example}`"),
            );
        }
    }

    /// The list in one of the two places, if it is certain.
    fn architectures_of(&self, place: Option<&Map>, name: &str) -> Option<Vec<String>> {
        let items = self.resolver.items(place?.get(name)?).ok()?;
        let texts = items.iter().map(|item| self.resolver.text(item).ok());
        texts.collect()
    }
}
