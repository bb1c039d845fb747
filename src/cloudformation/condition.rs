//! The conditions of a template, under the defaults of its parameters.

use std::rc::Rc;

use super::node::{Node, Value};
use super::values::Values;

/// The value of a condition; `None` if only a deploy resolves it.
pub(super) fn evaluate(values: &dyn Values, node: &Rc<Node>) -> Option<bool> {
    let Value::Call(function, argument) = &node.value else {
        return None;
    };
    let items = || argument.list().unwrap_or_default();
    let all = || items().iter().map(|item| values.evaluate(item));
    match *function {
        "Condition" => values.condition(argument.text()?),
        "Equals" => match items() {
            [one, other] => Some(values.text(one).ok()? == values.text(other).ok()?),
            _ => None,
        },
        "Not" => match items() {
            [item] => values.evaluate(item).map(|value| !value),
            _ => None,
        },
        "And" if all().any(|value| value == Some(false)) => Some(false),
        "And" => all().all(|value| value.is_some()).then_some(true),
        "Or" if all().any(|value| value == Some(true)) => Some(true),
        "Or" => all().all(|value| value.is_some()).then_some(false),
        _ => None,
    }
}
