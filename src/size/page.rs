//! The sizes as a page with a treemap: one file that needs no network.

use std::cmp::Reverse;

use serde::{Serialize, Serializer};

use super::document::{EntrySize, Function, Part, ZipSize};
use crate::bytes::sum;
use crate::inspect::Origin;
use crate::text::seen;

const PAGE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/script.js");

/// The most functions of a crate that the page has; the rest is one box.
const FUNCTIONS: usize = 250;

/// The beginning of every page, by which it is known.
pub(super) const MARK: &str = "<!DOCTYPE html>\n<!-- made by `cargo lambda-zip size --html` -->\n";

/// The page.
pub(super) fn page(sizes: &[ZipSize]) -> serde_json::Result<String> {
    let root = match sizes {
        [only] => zip(only),
        zips => Node::of("all zips", "all", zips.iter().map(zip).collect()),
    };
    // No text in it ends the script.
    let data = serde_json::to_string(&root)?.replace('<', "\\u003c");
    // The data is the last: it may contain the names of the other marks.
    let page = PAGE.replace("@STYLE@", STYLE).replace("@SCRIPT@", SCRIPT);
    Ok(page.replace("@DATA@", &data))
}

/// A box of the treemap.
struct Node<'a> {
    /// Invisible characters are escaped.
    name: String,
    bytes: u64,
    compressed_bytes: u64,
    kind: &'a str,
    children: Vec<Self>,
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let sizes = (&self.name, self.bytes, self.compressed_bytes, self.kind);
        if self.children.is_empty() {
            return sizes.serialize(serializer);
        }
        let (name, bytes, compressed, kind) = sizes;
        (name, bytes, compressed, kind, &self.children).serialize(serializer)
    }
}

impl Node<'_> {
    /// A box that is as large as its contents.
    fn of(name: &str, kind: &'static str, children: Vec<Self>) -> Self {
        Self {
            name: seen(name),
            bytes: sum(children.iter().map(|child| child.bytes)),
            compressed_bytes: sum(children.iter().map(|child| child.compressed_bytes)),
            kind,
            children,
        }
    }

    fn leaf(name: &str, kind: &'static str, bytes: u64, compressed_bytes: u64) -> Self {
        Self {
            name: seen(name),
            bytes,
            compressed_bytes,
            kind,
            children: Vec::new(),
        }
    }
}

fn zip(zip: &ZipSize) -> Node<'_> {
    let name = zip.path.file_name().unwrap_or(zip.path.as_str());
    let mut children: Vec<Node<'_>> = zip.entries.iter().map(entry).collect();
    children.push(Node::leaf(
        "headers of the zip",
        "overhead",
        0,
        zip.overhead_bytes,
    ));
    Node::of(name, "zip", children)
}

fn entry(entry: &EntrySize) -> Node<'_> {
    Node {
        children: entry.parts.iter().map(part).collect(),
        ..Node::leaf(&entry.path, "entry", entry.bytes, entry.compressed_bytes)
    }
}

fn part(part: &Part) -> Node<'_> {
    let kind = match part.kind {
        Origin::Crate => "crate",
        Origin::Std => "std",
        Origin::Native => "native",
        Origin::Section => "section",
        Origin::Other => "other",
    };
    let mut functions: Vec<&Function> = part.functions.iter().collect();
    functions.sort_by_key(|function| Reverse(function.compressed_bytes));
    let (shown, rest) = functions.split_at(functions.len().min(FUNCTIONS));
    let leaf = |f: &&Function| Node::leaf(&f.name, "function", f.bytes, f.compressed_bytes);
    let mut children: Vec<Node<'_>> = shown.iter().map(leaf).collect();
    if !rest.is_empty() {
        let name = format!("{} more functions", rest.len());
        children.push(Node {
            children: Vec::new(),
            ..Node::of(&name, "rest", rest.iter().map(leaf).collect())
        });
    }
    Node {
        children,
        ..Node::leaf(&part.name, kind, part.bytes, part.compressed_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zip_of(functions: usize) -> ZipSize {
        let function = |nth: usize| Function {
            name: format!("a::f{nth}</script>@STYLE@"),
            bytes: 10,
            compressed_bytes: nth as u64,
        };
        let functions: Vec<Function> = (0..functions).map(function).collect();
        let part = Part {
            kind: Origin::Crate,
            name: "a".to_owned(),
            bytes: sum(functions.iter().map(|f| f.bytes)),
            compressed_bytes: sum(functions.iter().map(|f| f.compressed_bytes)),
            functions,
        };
        let entry = EntrySize {
            path: "bootstrap".to_owned(),
            bytes: part.bytes,
            compressed_bytes: part.compressed_bytes,
            unread: None,
            symbols: None,
            debug_file: None,
            parts: vec![part],
        };
        ZipSize {
            path: "/out/f.zip".into(),
            zipped_bytes: entry.compressed_bytes + 100,
            unzipped_bytes: entry.bytes,
            overhead_bytes: 100,
            entries: vec![entry],
            growth: None,
        }
    }

    fn data(page: &str) -> serde_json::Value {
        let (_, rest) = page.split_once("id=\"data\">").unwrap();
        let (data, _) = rest.split_once("</script>").unwrap();
        serde_json::from_str(data).unwrap()
    }

    #[test]
    fn the_page_is_one_file_whose_data_is_only_data() {
        let page = page(&[zip_of(3)]).unwrap();
        assert!(page.starts_with(MARK));
        for foreign in ["http://", "https://", "src=", "@import", "url(", "@DATA@"] {
            assert!(!page.contains(foreign), "{foreign}");
        }
        let root = data(&page);
        assert_eq!(
            (&root[0], &root[1], &root[2]),
            (&"f.zip".into(), &30.into(), &103.into())
        );
        let function = &root[4][0][4][0][4][0];
        assert_eq!(function[0], "a::f2</script>@STYLE@");
        assert_eq!(root[4][1][0], "headers of the zip");
    }

    #[test]
    fn the_smallest_functions_of_a_large_crate_are_one_box() {
        let page = page(&[zip_of(300), zip_of(1)]).unwrap();
        let root = data(&page);
        assert_eq!(root[0], "all zips");
        let functions = root[4][0][4][0][4][0][4].as_array().unwrap();
        assert_eq!(functions.len(), 251);
        let rest = &functions[250];
        assert_eq!(
            (&rest[0], &rest[1]),
            (&"50 more functions".into(), &500.into())
        );
        assert_eq!(rest[2], (0..50).sum::<u64>());
    }
}
