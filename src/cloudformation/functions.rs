//! The functions that make a value of other values.

use std::rc::Rc;

use super::node::{Map, Node, Value};
use super::values::{LONGEST, Resolved, Values, node_of, unknown};
use crate::text::printable;

pub(super) fn find_in_map(
    values: &dyn Values,
    mappings: Option<&Map>,
    argument: &Rc<Node>,
) -> Resolved {
    let Some([mapping, first, second, default @ ..]) = argument.list() else {
        return unknown("a `!FindInMap` without three items");
    };
    let keys = [mapping, first, second].map(|node| values.text(node));
    let [Ok(mapping), Ok(first), Ok(second)] = keys else {
        let why = keys.into_iter().find_map(Result::err);
        return Resolved::Unknown(why.unwrap_or_default());
    };
    let found = mappings.and_then(|mappings| {
        mappings
            .get(&mapping)?
            .map()?
            .get(&first)?
            .map()?
            .get(&second)
    });
    let default = || default.first()?.map()?.get("DefaultValue");
    match found.or_else(default) {
        Some(node) => values.resolve(node),
        None => Resolved::Unknown(format!(
            "`{}` of the mapping `{}`, which is not there",
            printable(&second),
            printable(&mapping)
        )),
    }
}

pub(super) fn substitute(values: &dyn Values, argument: &Rc<Node>) -> Result<String, String> {
    let (pattern, own) = match argument.list() {
        Some([pattern, own]) => (pattern, own.map()),
        Some(_) => return Err("a `!Sub` without two items".to_owned()),
        None => (argument, None),
    };
    let pattern = values.text(pattern)?;
    let mut rest = pattern.as_str();
    let mut made = String::new();
    while let Some((before, after)) = rest.split_once("${") {
        made.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            return Err("a `${` without `}`".to_owned());
        };
        rest = after;
        if let Some(literal) = name.strip_prefix('!') {
            made.extend(["${", literal, "}"]);
            continue;
        }
        let name = name.trim();
        let value = match own.and_then(|own| own.get(name)) {
            Some(node) => values.text(node)?,
            None => values.reference_text(name)?,
        };
        made.push_str(&value);
        if made.len() > LONGEST {
            break;
        }
    }
    made.push_str(rest);
    Ok(made)
}

pub(super) fn join(values: &dyn Values, argument: &Rc<Node>) -> Result<String, String> {
    let Some([separator, items]) = argument.list() else {
        return Err("a `!Join` without two items".to_owned());
    };
    let separator = values.text(separator)?;
    let mut made = String::new();
    for (nth, item) in values.items(items)?.iter().enumerate() {
        if nth > 0 {
            made.push_str(&separator);
        }
        made.push_str(&values.text(item)?);
        if made.len() > LONGEST {
            break;
        }
    }
    Ok(made)
}

pub(super) fn select(values: &dyn Values, argument: &Rc<Node>) -> Resolved {
    let Some([nth, items]) = argument.list() else {
        return unknown("a `!Select` without two items");
    };
    let nth = values.text(nth).map(|nth| nth.parse::<usize>());
    match (nth, values.items(items)) {
        (Ok(Ok(nth)), Ok(items)) => match items.get(nth) {
            Some(item) => values.resolve(item),
            None => unknown("a `!Select` beyond the list"),
        },
        (Err(why), _) | (_, Err(why)) => Resolved::Unknown(why),
        _ => unknown("a `!Select` without a number"),
    }
}

pub(super) fn split(values: &dyn Values, argument: &Rc<Node>, node: &Rc<Node>) -> Resolved {
    let Some([separator, text]) = argument.list() else {
        return unknown("a `!Split` without two items");
    };
    match (values.text(separator), values.text(text)) {
        (Ok(separator), Ok(text)) if !separator.is_empty() => {
            let items = text.split(&*separator);
            let items = items.map(|item| node_of(Value::Text(item.to_owned()), node));
            Resolved::Known(node_of(Value::List(items.collect()), node))
        }
        (Err(why), _) | (_, Err(why)) => Resolved::Unknown(why),
        _ => unknown("a `!Split` without a separator"),
    }
}
