//! The values of functions of CloudFormation that are certain before a deploy: parameters with the
//! values that are given or their defaults, mappings, conditions and texts that are made of them.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::node::{Map, Node, Value};
use super::parameter_override::ParameterOverride;
use super::values::{LONGEST, Resolved, Values, node_of, unknown};
use super::{condition, functions};
use crate::text::printable;

/// The most steps for one template: aliases and conditions could multiply them.
const MOST_STEPS: u32 = 50_000;

/// The most values that may refer to each other in a row.
const MOST_DEPTH: u32 = 200;

/// The beginning of a reference to Systems Manager or Secrets Manager in a text.
const DYNAMIC: &str = "{{resolve:";
const DYNAMIC_REFERENCE: &str = "a dynamic reference `{{resolve:…}}`";

/// The parts of a template that values refer to.
pub(super) struct Resolver<'a> {
    parameters: Option<&'a Map>,
    overrides: &'a [ParameterOverride],
    mappings: Option<&'a Map>,
    conditions: Option<&'a Map>,
    /// The conditions that are resolved, or are being resolved; `None` for those that only a deploy
    /// resolves.
    known: RefCell<BTreeMap<String, Option<bool>>>,
    steps: Cell<u32>,
    depth: Cell<u32>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(template: &'a Map, overrides: &'a [ParameterOverride]) -> Self {
        Self {
            parameters: template.section("Parameters"),
            overrides,
            mappings: template.section("Mappings"),
            conditions: template.section("Conditions"),
            known: RefCell::default(),
            steps: Cell::new(0),
            depth: Cell::new(0),
        }
    }

    /// The branch of an `!If` that a deploy takes, as far as conditions are certain; any other node
    /// as it is.
    pub(super) fn chosen(&self, node: &Rc<Node>) -> Rc<Node> {
        let mut chosen = node;
        while let Value::Call("If", argument) = &chosen.value
            && let Some([condition, yes, no]) = argument.list()
            && let Some(holds) = self.condition(condition.text().unwrap_or_default())
        {
            chosen = if holds { yes } else { no };
        }
        Rc::clone(chosen)
    }

    fn value(&self, node: &Rc<Node>) -> Resolved {
        match &node.value {
            Value::Null => Resolved::Absent,
            Value::Text(text) if text.contains(DYNAMIC) => unknown(DYNAMIC_REFERENCE),
            Value::Text(_) | Value::List(_) | Value::Map(_) => Resolved::Known(Rc::clone(node)),
            Value::Call(function, argument) => self.call(function, argument, node),
        }
    }

    /// The result of a step; `None` if there were too many.
    fn within_bounds<T>(&self, step: impl FnOnce() -> T) -> Option<T> {
        let (steps, depth) = (self.steps.get() + 1, self.depth.get() + 1);
        if steps > MOST_STEPS || depth > MOST_DEPTH {
            return None;
        }
        self.steps.set(steps);
        self.depth.set(depth);
        let result = step();
        self.depth.set(depth - 1);
        Some(result)
    }

    fn call(&self, function: &str, argument: &Rc<Node>, node: &Rc<Node>) -> Resolved {
        let made = match function {
            "Ref" => return self.reference(argument, node),
            "If" => return self.branch(argument),
            "FindInMap" => return functions::find_in_map(self, self.mappings, argument),
            "Sub" => functions::substitute(self, argument),
            "Join" => functions::join(self, argument),
            "Select" => return functions::select(self, argument),
            "Split" => return functions::split(self, argument, node),
            _ => Err(format!("`!{function}`")),
        };
        match made {
            Ok(text) if text.contains(DYNAMIC) => unknown(DYNAMIC_REFERENCE),
            Ok(text) if text.len() > LONGEST => unknown("a text that is too long"),
            Ok(text) => Resolved::Known(node_of(Value::Text(text), node)),
            Err(why) => Resolved::Unknown(why),
        }
    }

    fn reference(&self, argument: &Rc<Node>, node: &Rc<Node>) -> Resolved {
        let Some(name) = argument.text() else {
            return unknown("`!Ref` without a name");
        };
        if name == "AWS::NoValue" {
            return Resolved::Absent;
        }
        let shown = printable(name);
        let Some(parameter) = self.parameters.and_then(|p| p.get(name)) else {
            return Resolved::Unknown(format!("`!Ref {shown}`"));
        };
        let property = |key| parameter.map().and_then(|parameter| parameter.get(key));
        let kind = property("Type").and_then(|kind| kind.text()).unwrap_or("");
        if kind.starts_with("AWS::SSM::") {
            return Resolved::Unknown(format!("`{shown}`, a parameter of Systems Manager"));
        }
        // As for every client, the last one of a name holds.
        let mut overrides = self.overrides.iter().rev();
        let given = overrides.find(|given| given.name == name);
        let given = given.map(|given| node_of(Value::Text(given.value.clone()), node));
        let Some(value) = given.as_ref().or(property("Default")) else {
            return Resolved::Unknown(format!("`{shown}`, a parameter without a default"));
        };
        match &value.value {
            Value::Text(text) if kind == "CommaDelimitedList" || kind.starts_with("List<") => {
                let items = text.split(',').map(|item| item.trim().to_owned());
                let items = items.map(|item| node_of(Value::Text(item), node));
                Resolved::Known(node_of(Value::List(items.collect()), node))
            }
            Value::Text(text) => {
                // The line of the use, not that of the parameter.
                Resolved::Known(node_of(Value::Text(text.clone()), node))
            }
            _ => unknown("a default that is not a text"),
        }
    }

    fn branch(&self, argument: &Rc<Node>) -> Resolved {
        let Some([condition, yes, no]) = argument.list() else {
            return unknown("an `!If` without three items");
        };
        let name = condition.text().unwrap_or_default();
        match self.condition(name) {
            Some(true) => self.resolve(yes),
            Some(false) => self.resolve(no),
            None => match (self.resolve(yes), self.resolve(no)) {
                (Resolved::Known(yes), Resolved::Known(no))
                    if yes.text().is_some() && yes.text() == no.text() =>
                {
                    Resolved::Known(yes)
                }
                _ => Resolved::Unknown(format!("the condition `{}`", printable(name))),
            },
        }
    }
}

impl Values for Resolver<'_> {
    fn resolve(&self, node: &Rc<Node>) -> Resolved {
        let resolved = self.within_bounds(|| self.value(node));
        resolved.unwrap_or_else(|| unknown("values that refer to each other too often"))
    }

    fn reference_text(&self, name: &str) -> Result<String, String> {
        let shown = printable(name);
        let parameter = self.parameters.and_then(|parameters| parameters.get(name));
        let Some(parameter) = parameter else {
            return Err(format!("`${{{shown}}}`"));
        };
        let value = Value::Text(name.to_owned());
        match self.reference(&node_of(value, parameter), parameter) {
            Resolved::Known(node) => node.text().map(str::to_owned).ok_or(shown),
            Resolved::Unknown(why) => Err(why),
            Resolved::Absent => Err(format!("`${{{shown}}}`")),
        }
    }

    fn condition(&self, name: &str) -> Option<bool> {
        if let Some(known) = self.known.borrow().get(name) {
            return *known;
        }
        // A condition that refers to itself has no value.
        self.known.borrow_mut().insert(name.to_owned(), None);
        let node = self.conditions?.get(name)?;
        let value = self.evaluate(node);
        self.known.borrow_mut().insert(name.to_owned(), value);
        value
    }

    fn evaluate(&self, node: &Rc<Node>) -> Option<bool> {
        let evaluated = self.within_bounds(|| condition::evaluate(self, node));
        evaluated.flatten()
    }
}
