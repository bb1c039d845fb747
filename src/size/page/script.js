"use strict";
// A node is [name, unpacked bytes, bytes in the zip, kind, children].
const NAME = 0, KIND = 3, CHILDREN = 4;
const root = JSON.parse(document.getElementById("data").textContent);
const map = document.getElementById("map");
const about = document.getElementById("about");
// The nodes from the root to the one that is shown. A program that is nearly all of its zip is
// shown at once.
let trail = [root];
// The kind of size: 0 for unpacked bytes, 1 for bytes in the zip.
let measure = 1;

const size = (node) => node[1 + measure];
const children = (node) => node[CHILDREN] || [];
const isEstimate = (node) => !["zip", "entry", "all", "overhead"].includes(node[KIND]);

for (const child of children(root)) {
  if (children(child).length && size(child) > 0.9 * size(root)) trail = [root, child];
}

function bytes(count) {
  if (count < 1024) return count + " B";
  if (count < 1048064) return Math.round(count / 1024) + " KiB";
  return (count / 1048576).toFixed(1) + " MiB";
}

function share(count, whole) {
  const percent = (100 * count) / Math.max(whole, 1);
  return percent.toFixed(percent < 10 ? 1 : 0) + " %";
}

function text(node) {
  const about = isEstimate(node) ? "≈ " : "";
  const whole = root[1 + measure];
  return `${node[NAME]}: ${about}${bytes(node[2])} in the zip, ${bytes(node[1])} unpacked, ` +
    `${share(size(node), whole)} of the whole`;
}

// A colour for each crate and its functions, grey for what is none.
function colour(node, parent, depth) {
  const isGrey = ["section", "other", "overhead", "rest"].includes(node[KIND]);
  if (isGrey) return `hsl(210 8% ${84 - 5 * depth}%)`;
  const named = node[KIND] === "function" ? parent : node;
  let hash = 0;
  for (const c of named[NAME]) hash = (hash * 31 + c.codePointAt(0)) % 360;
  return `hsl(${hash} 55% ${86 - 5 * depth}%)`;
}

// The rectangles of a squarified treemap: Bruls, Huizing and van Wijk, "Squarified Treemaps".
function layout(nodes, x, y, width, height) {
  const whole = nodes.reduce((sum, node) => sum + size(node), 0);
  if (whole <= 0 || width <= 0 || height <= 0) return [];
  const scale = (width * height) / whole;
  const rest = nodes.filter((node) => size(node) > 0).sort((a, b) => size(b) - size(a));
  const found = [];
  let row = [], area = 0;
  const worst = (row, area, side) => {
    const areas = row.map((node) => size(node) * scale);
    const [most, least] = [areas[0], areas[areas.length - 1]];
    return Math.max((side * side * most) / (area * area), (area * area) / (side * side * least));
  };
  const place = () => {
    const isWide = width >= height;
    const side = isWide ? height : width;
    const depth = area / side;
    let at = isWide ? y : x;
    for (const node of row) {
      const length = (size(node) * scale) / depth;
      found.push(isWide ? [node, x, at, depth, length] : [node, at, y, length, depth]);
      at += length;
    }
    if (isWide) { x += depth; width -= depth; } else { y += depth; height -= depth; }
    row = []; area = 0;
  };
  for (const node of rest) {
    const side = Math.min(width, height);
    const more = area + size(node) * scale;
    if (row.length && worst([...row, node], more, side) > worst(row, area, side)) {
      place();
      row = [node]; area = size(node) * scale;
    } else {
      row.push(node); area = more;
    }
  }
  if (row.length) place();
  return found;
}

// The name in a box: functions without the crate that they are in.
function label(node, parent) {
  return node[KIND] === "function" ? node[NAME].split(parent[NAME] + "::").join("") : node[NAME];
}

function draw(nodes, path, depth, x, y, width, height) {
  for (const [node, left, top, across, down] of layout(nodes, x, y, width, height)) {
    if (across < 2 || down < 2) continue;
    const box = document.createElement("div");
    const own = [...path, node];
    const isOpen = children(node).length > 0;
    Object.assign(box.style, {
      left: left + "px", top: top + "px", width: across + "px", height: down + "px",
      background: colour(node, path[path.length - 1], depth),
    });
    const name = label(node, path[path.length - 1]);
    // A name that is cut to a letter or two says nothing.
    if (across > Math.min(40, 12 + 8 * name.length) && down > 15) {
      box.textContent = across > 130 ? `${name} ${bytes(size(node))}` : name;
    }
    box.title = text(node);
    const tell = () => { about.textContent = own.slice(1).map((n) => n[NAME]).slice(0, -1).concat(text(node)).join(" › "); };
    box.addEventListener("mouseenter", tell);
    box.addEventListener("focus", tell);
    if (isOpen) {
      box.classList.add("open");
      box.tabIndex = 0;
      box.setAttribute("role", "button");
      box.addEventListener("keydown", (event) => { if (event.key === "Enter") zoom(own); });
    }
    box.addEventListener("click", () => zoom(isOpen ? own : path));
    map.append(box);
    if (isOpen && depth < 2 && across > 60 && down > 50) {
      box.classList.add("group");
      draw(children(node), own, depth + 1, left + 3, top + 18, across - 6, down - 21);
    }
  }
}

function zoom(path) {
  trail = path;
  render();
}

function button(label, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", action);
  return made;
}

function row(node) {
  const line = document.createElement("tr");
  const cells = [
    node[NAME],
    (isEstimate(node) ? "≈ " : "") + bytes(node[2]),
    share(size(node), size(root)),
    node[KIND] === "overhead" ? "" : bytes(node[1]),
  ].map((content) => {
    const cell = document.createElement("td");
    cell.textContent = content;
    return cell;
  });
  if (children(node).length) {
    cells[0].replaceChildren(button(node[NAME], () => zoom([...trail, node])));
  }
  line.append(...cells);
  return line;
}

function render() {
  const node = trail[trail.length - 1];
  document.title = "Sizes: " + node[NAME];
  document.getElementById("path").replaceChildren(
    ...trail.map((part, depth) => button(part[NAME], () => zoom(trail.slice(0, depth + 1)))));
  for (const choice of document.querySelectorAll("[data-measure]")) {
    choice.setAttribute("aria-pressed", String(Number(choice.dataset.measure) === measure));
  }
  map.replaceChildren();
  draw(children(node), trail, 0, 0, 0, map.clientWidth, map.clientHeight);
  about.textContent = text(node);
  const sorted = [...children(node)].sort((a, b) => size(b) - size(a));
  document.getElementById("rows").replaceChildren(...sorted.map(row));
}

for (const choice of document.querySelectorAll("[data-measure]")) {
  choice.addEventListener("click", () => { measure = Number(choice.dataset.measure); render(); });
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && trail.length > 1) zoom(trail.slice(0, -1));
});
new ResizeObserver(render).observe(map);
