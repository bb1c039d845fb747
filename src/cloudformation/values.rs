//! Values of a template, as far as they are certain before a deploy.

use std::rc::Rc;

use super::node::{Node, Value};

/// The longest text that is put together, in bytes.
pub(super) const LONGEST: usize = 64 * 1024;

/// A value as far as it is certain.
#[derive(Debug, Clone)]
pub(super) enum Resolved {
    Known(Rc<Node>),
    /// `AWS::NoValue`, or nothing.
    Absent,
    /// The reason, as the words for what only a deploy resolves.
    Unknown(String),
}

/// The values that nodes stand for.
pub(super) trait Values {
    /// The value of a node; of a list or map, its items are not resolved.
    fn resolve(&self, node: &Rc<Node>) -> Resolved;

    /// The text of the parameter `name`; `Err` has the reason why there is none.
    fn reference_text(&self, name: &str) -> Result<String, String>;

    /// The condition `name`; `None` if only a deploy resolves it.
    fn condition(&self, name: &str) -> Option<bool>;

    /// The value of the condition `node`; `None` if only a deploy resolves it.
    fn evaluate(&self, node: &Rc<Node>) -> Option<bool>;

    /// The text of a node; `Err` has the reason why there is none.
    fn text(&self, node: &Rc<Node>) -> Result<String, String> {
        match self.resolve(node) {
            Resolved::Known(node) => node
                .text()
                .map(str::to_owned)
                .ok_or_else(|| "a value that is not a text".to_owned()),
            Resolved::Absent => Err("a value that is not there".to_owned()),
            Resolved::Unknown(why) => Err(why),
        }
    }

    /// The items of a list.
    fn items(&self, node: &Rc<Node>) -> Result<Vec<Rc<Node>>, String> {
        match self.resolve(node) {
            Resolved::Known(node) => {
                let items = node.list().map(<[_]>::to_vec);
                items.ok_or_else(|| "a value that is not a list".to_owned())
            }
            Resolved::Absent => Ok(Vec::new()),
            Resolved::Unknown(why) => Err(why),
        }
    }
}

pub(super) fn unknown(why: &str) -> Resolved {
    Resolved::Unknown(why.to_owned())
}

/// A value that takes the place of `node`.
pub(super) fn node_of(value: Value, node: &Rc<Node>) -> Rc<Node> {
    Rc::new(Node::new(node.position, value))
}
