//! From the text of a template to a tree, within bounds.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use super::fault::{Fault, Position};
use super::intrinsic;
use super::node::{Key, Map, Node, Value};
use crate::text::printable;

/// The most values, also those that merges repeat.
const MOST_NODES: usize = 500_000;

/// The deepest nesting.
const MOST_DEPTH: usize = 64;

/// Reads YAML; JSON is YAML too.
///
/// # Errors
/// If it is not YAML, has an unknown tag, the same key twice, more than one document, or is beyond
/// the bounds.
pub(super) fn parse(text: &str) -> Result<Rc<Node>, Fault> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let message = format!("the template is not YAML: {}", error.info());
            Fault::new(position(error.marker()), message, "here")
        })?;
        builder.event(event, position(&span.start))?;
    }
    builder.root.ok_or_else(|| {
        let start = Position { index: 0, line: 1 };
        Fault::new(start, "the template is empty", "`Resources` is missing")
    })
}

/// The value of a text without quotes. Truth values are spelled as the clients of CloudFormation upload
/// them. Source: the types `null` and `bool` of YAML 1.1, without the single letters of the latter, which
/// PyYAML does not read.
fn plain(text: &str) -> Value {
    let text = match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => "true",
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => "false",
        other => other,
    };
    Value::Text(text.to_owned())
}

fn position(marker: &Marker) -> Position {
    Position {
        index: marker.index(),
        line: marker.line(),
    }
}

#[derive(Default)]
struct Builder {
    root: Option<Rc<Node>>,
    /// The collections that have begun and not ended.
    open: Vec<Open>,
    anchors: HashMap<usize, Rc<Node>>,
    nodes: usize,
}

struct Open {
    position: Position,
    anchor: usize,
    function: Option<&'static str>,
    content: Content,
}

enum Content {
    List(Vec<Rc<Node>>),
    /// The map, its keys, the maps to merge into it, and the key whose value comes next.
    Map {
        map: Map,
        keys: HashSet<String>,
        merges: Vec<Rc<Node>>,
        next: Option<Key>,
    },
}

impl Builder {
    fn event(&mut self, event: Event<'_>, position: Position) -> Result<(), Fault> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let function = function(tag.as_deref(), position)?;
                let value = if style == ScalarStyle::Plain && function.is_none() {
                    plain(&text)
                } else {
                    Value::Text(text.into_owned())
                };
                self.add(value, function, anchor, position)
            }
            Event::SequenceStart(anchor, tag) => {
                let content = Content::List(Vec::new());
                self.open(content, anchor, tag.as_deref(), position)
            }
            Event::MappingStart(anchor, tag) => {
                let content = Content::Map {
                    map: Map::default(),
                    keys: HashSet::new(),
                    merges: Vec::new(),
                    next: None,
                };
                self.open(content, anchor, tag.as_deref(), position)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).cloned().ok_or_else(|| {
                    let message = "an alias is inside of the value that it stands for";
                    Fault::new(position, message, "this alias")
                })?;
                self.attach(node, position)
            }
            Event::DocumentStart(_) if self.root.is_some() => {
                let message = "the template has a second document";
                Err(Fault::new(position, message, "it begins here"))
            }
            _ => Ok(()),
        }
    }

    fn open(
        &mut self,
        content: Content,
        anchor: usize,
        tag: Option<&Tag>,
        position: Position,
    ) -> Result<(), Fault> {
        self.bound_depth(1, position)?;
        self.open.push(Open {
            position,
            anchor,
            function: function(tag, position)?,
            content,
        });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let value = match open.content {
            Content::List(items) => Value::List(items),
            Content::Map {
                mut map,
                mut keys,
                merges,
                ..
            } => {
                for merged in merges.iter().filter_map(|node| node.map()) {
                    for (key, node) in &merged.0 {
                        if keys.insert(key.text.clone()) {
                            self.count(open.position)?;
                            map.0.push((key.clone(), Rc::clone(node)));
                        }
                    }
                }
                called(map)
            }
        };
        self.add(value, open.function, open.anchor, open.position)
    }

    /// Adds a finished value, which may be the argument of a function.
    fn add(
        &mut self,
        value: Value,
        function: Option<&'static str>,
        anchor: usize,
        position: Position,
    ) -> Result<(), Fault> {
        self.count(position)?;
        let mut node = Rc::new(Node::new(position, value));
        if let Some(function) = function {
            let value = Value::Call(function, node);
            node = Rc::new(Node::new(position, value));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        self.attach(node, position)
    }

    /// Refuses a value of so many levels where it would be nested too deeply.
    fn bound_depth(&self, levels: usize, position: Position) -> Result<(), Fault> {
        if self.open.len() + levels <= MOST_DEPTH {
            return Ok(());
        }
        let message = format!("the template is nested deeper than {MOST_DEPTH} levels");
        Err(Fault::new(position, message, "one level too many"))
    }

    /// Puts a value into the collection that is open.
    fn attach(&mut self, node: Rc<Node>, position: Position) -> Result<(), Fault> {
        self.bound_depth(node.depth, position)?;
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut open.content {
            Content::List(items) => items.push(node),
            Content::Map {
                map,
                keys,
                merges,
                next,
            } => match next.take() {
                None => *next = Some(key(&node, position)?),
                Some(key) if key.text == "<<" => match node.list() {
                    Some(several) => merges.extend(several.iter().cloned()),
                    None => merges.push(node),
                },
                Some(key) if !keys.insert(key.text.clone()) => {
                    let message = format!("the key `{}` is there twice", printable(&key.text));
                    return Err(Fault::new(key.position, message, "the second one"));
                }
                Some(key) => map.0.push((key, node)),
            },
        }
        Ok(())
    }

    fn count(&mut self, position: Position) -> Result<(), Fault> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            let message = format!("the template has more than {MOST_NODES} values");
            return Err(Fault::new(position, message, "one value too many"));
        }
        Ok(())
    }
}

fn function(tag: Option<&Tag>, position: Position) -> Result<Option<&'static str>, Fault> {
    tag.map_or(Ok(None), |tag| {
        intrinsic::of_tag(&tag.handle, &tag.suffix, position)
    })
}

fn key(node: &Node, position: Position) -> Result<Key, Fault> {
    let text = match &node.value {
        Value::Text(text) => text.clone(),
        Value::Null => "null".to_owned(),
        _ => {
            return Err(Fault::new(position, "a key is not a text", "this key"));
        }
    };
    Ok(Key { text, position })
}

/// A map, or the function that its only key calls: `{"Ref": "Name"}`.
fn called(mut map: Map) -> Value {
    let function = match &map.0[..] {
        [(key, _)] => intrinsic::of_key(&key.text),
        _ => None,
    };
    let argument = function.and_then(|_| map.0.pop());
    match function.zip(argument) {
        Some((function, (_, argument))) => Value::Call(function, argument),
        None => Value::Map(map),
    }
}
