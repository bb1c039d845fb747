//! A template as a tree of values.

use std::rc::Rc;

use super::fault::Position;

/// A value with its position. Aliases share it.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) position: Position,
    pub(super) value: Value,
    /// The levels of the value: one for a text.
    pub(super) depth: usize,
}

#[derive(Debug)]
pub(super) enum Value {
    /// A text or a number, as it is written, or a truth value: `true` or `false`.
    Text(String),
    Null,
    List(Vec<Rc<Node>>),
    Map(Map),
    /// A function of CloudFormation by its short name, and its argument.
    Call(&'static str, Rc<Node>),
}

/// The keys in the order of the template.
#[derive(Debug, Default, Clone)]
pub(super) struct Map(pub(super) Vec<(Key, Rc<Node>)>);

#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) text: String,
    pub(super) position: Position,
}

impl Map {
    pub(super) fn get(&self, key: &str) -> Option<&Rc<Node>> {
        self.entry(key).map(|(_, node)| node)
    }

    /// The map that is the value of a key.
    pub(super) fn section(&self, key: &str) -> Option<&Self> {
        self.get(key).and_then(|node| node.map())
    }

    /// The value of a key, and the line of the key.
    pub(super) fn entry(&self, key: &str) -> Option<(usize, &Rc<Node>)> {
        let mut entries = self.0.iter();
        let (key, node) = entries.find(|(found, _)| found.text == key)?;
        Some((key.position.line, node))
    }

    /// True if a deploy adds keys: `Fn::Transform` and `Fn::ForEach::…` stand among them.
    pub(super) fn is_open(&self) -> bool {
        self.0.iter().any(|(key, _)| key.is_function())
    }
}

impl Key {
    /// True if it calls a function of CloudFormation.
    pub(super) fn is_function(&self) -> bool {
        self.text.starts_with("Fn::")
    }
}

impl Node {
    pub(super) fn new(position: Position, value: Value) -> Self {
        let deepest = |nodes: &mut dyn Iterator<Item = &Rc<Self>>| {
            nodes.map(|node| node.depth).max().unwrap_or_default()
        };
        let below = match &value {
            Value::Text(_) | Value::Null => 0,
            Value::List(items) => deepest(&mut items.iter()),
            Value::Map(map) => deepest(&mut map.0.iter().map(|(_, node)| node)),
            Value::Call(_, argument) => argument.depth,
        };
        Self {
            position,
            value,
            depth: below + 1,
        }
    }

    /// True if only a deploy knows its form.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.value, Value::Call("Transform" | "ForEach", _))
            || self.map().is_some_and(Map::is_open)
    }

    pub(super) fn line(&self) -> usize {
        self.position.line
    }

    pub(super) fn map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn list(&self) -> Option<&[Rc<Node>]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }
}
