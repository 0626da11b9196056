"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const stage = byId("stage"), all = byId("all"), panel = byId("panel"), search = byId("search"), hits = byId("hits");
  const nodes = data.nodes.map((node, i) => ({ ...node, i, el: byId("n" + i), needs: [], readers: [], home: [node.x, node.y] }));
  const arrows = data.arrows.map((arrow, i) => {
    const el = byId("a" + i);
    return { ...arrow, i, el, way: el.getAttribute("d") };
  });
  for (const arrow of arrows) {
    nodes[arrow.needer].needs.push(arrow);
    nodes[arrow.needed].readers.push(arrow);
  }
  const make = (tag, words, text) => {
    const made = document.createElement(tag);
    if (words) made.className = words;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  // Where one looks: a scale and a shift of everything, in units of the view box.
  const whole = stage.viewBox.baseVal;
  const view = { k: 1, x: 0, y: 0 };
  const matrix = () => stage.getScreenCTM();
  const show = () => {
    all.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.k})`);
    const scale = view.k * matrix().a;
    stage.classList.toggle("far", scale < 0.55);
    stage.classList.toggle("farther", scale < 0.3);
  };
  const at = (x, y) => new DOMPoint(x, y).matrixTransform(matrix().inverse());
  const zoom = (factor, x, y) => {
    const k = Math.min(40, Math.max(0.5, view.k * factor)), real = k / view.k;
    view.x = x - (x - view.x) * real;
    view.y = y - (y - view.y) * real;
    view.k = k;
    show();
  };
  const room = () => {  // What of the stage the panel leaves: it stands at the right, or on a narrow screen below.
    const { left, top, right, bottom } = stage.getBoundingClientRect();
    if (panel.hidden) return { left, top, right, bottom };
    const over = panel.getBoundingClientRect();
    return innerWidth <= 720 ? { left, top, right, bottom: over.top } : { left, top, right: over.left, bottom };
  };
  const middle = () => {
    const free = room();
    return at((free.left + free.right) / 2, (free.top + free.bottom) / 2);
  };
  const zoomMiddle = (factor) => { const m = middle(); zoom(factor, m.x, m.y); };
  const fit = () => {
    view.k = 1;
    view.x = data.margin;
    view.y = data.margin;
    show();
  };
  const centre = (node, atLeast) => {
    const scale = matrix().a, k = Math.min(40, Math.max(view.k, atLeast / scale)), m = middle();
    view.k = k;
    view.x = m.x - (node.x + data.width / 2) * k;
    view.y = m.y - (node.y + data.height / 2) * k;
    show();
  };
  const seen = (node) => {
    const box = node.el.getBoundingClientRect(), free = room();
    return box.left >= free.left && box.right <= free.right && box.top >= free.top && box.bottom <= free.bottom;
  };

  const frame = (some) => {  // All of these, as large as fits.
    const free = room(), a = at(free.left, free.top), b = at(free.right, free.bottom);
    const left = Math.min(...some.map((n) => n.x)), right = Math.max(...some.map((n) => n.x)) + data.width;
    const top = Math.min(...some.map((n) => n.y)), bottom = Math.max(...some.map((n) => n.y)) + data.height;
    const fits = 0.92 * Math.min((b.x - a.x) / (right - left), (b.y - a.y) / (bottom - top));
    view.k = Math.min(fits, 1.1 / matrix().a);
    view.x = (a.x + b.x) / 2 - ((left + right) / 2) * view.k;
    view.y = (a.y + b.y) / 2 - ((top + bottom) / 2) * view.k;
    show();
  };

  const off = (group) => new Set([...document.querySelectorAll(`input[name=${group}]:not(:checked)`)].map((box) => box.value));

  // The one object that keyboard and panel speak of.
  let current = null, chosen = null, only = 0;  // only: all (0), what the chosen one touches (1), all the way (2)
  const visible = (node) => !node.el.classList.contains("hidden");
  const stand = (node) => {
    if (current) current.el.setAttribute("tabindex", "-1");
    current = node;
    node.el.setAttribute("tabindex", "0");
  };
  const go = (node) => {
    if (!node) return;
    stand(node);
    node.el.focus({ preventScroll: true });
    if (!seen(node) || view.k * matrix().a < 0.6) centre(node, 0.9);
    if (chosen) { if (only) narrow(node, only); else choose(node); }
  };
  const reach = (start, edges, end, steps) => {
    const found = new Map([[start, 0]]), used = new Set();
    for (const [node, step] of found) for (const arrow of step < steps ? nodes[node][edges] : []) {
      if (off("evidence").size && arrow.evidence.every((each) => off("evidence").has(each))) continue;
      used.add(arrow.i);
      if (!found.has(arrow[end])) found.set(arrow[end], step + 1);
    }
    return [found, used];
  };
  const light = (node) => {
    stage.classList.toggle("focus", Boolean(node));
    if (!node) return;
    const steps = only === 1 ? 1 : Infinity;
    const [down, one] = reach(node.i, "needs", "needed", steps), [up, other] = reach(node.i, "readers", "needer", steps);
    for (const each of nodes) each.el.classList.toggle("near", down.has(each.i) || up.has(each.i));
    for (const each of arrows) each.el.classList.toggle("near", one.has(each.i) || other.has(each.i));
  };

  // With `f` what is left moves together: columns stay in order, and empty room goes.
  const move = (node, x, y) => {
    node.x = x;
    node.y = y;
    node.el.setAttribute("transform", `translate(${x} ${y})`);
  };
  const straight = (arrow) => {
    const needed = nodes[arrow.needed], needer = nodes[arrow.needer];
    const [one, other] = needed.x < needer.x ? [needed, needer] : [needer, needed];
    const x = one.x + data.width, y = one.y + data.height / 2, to = other.y + data.height / 2, bend = Math.max(24, (other.x - x) / 2);
    return one === other ? arrow.way : `M${x} ${y}C${x + bend} ${y} ${other.x - bend} ${to} ${other.x} ${to}`;
  };
  const together = (some, node) => {
    const reads = new Set(node.readers.map((arrow) => arrow.needer)), needs = new Set(node.needs.map((arrow) => arrow.needed));
    const side = (each) => (each === node ? 1 : needs.has(each.i) || !reads.has(each.i) ? 0 : 2);
    const column = only === 1 ? side : (each) => each.home[0];
    [...new Set(some.map(column))].sort((a, b) => a - b).forEach((place, i) => {
      const stack = some.filter((each) => column(each) === place).sort((a, b) => a.home[1] - b.home[1]);
      stack.forEach((each, j) => move(each, i * (data.width + 80), (j - stack.length / 2) * (data.height + 16)));
    });
    for (const arrow of arrows) if (!arrow.el.classList.contains("hidden")) arrow.el.setAttribute("d", straight(arrow));
  };
  const apart = () => {
    for (const node of nodes) move(node, ...node.home);
    for (const arrow of arrows) arrow.el.setAttribute("d", arrow.way);
  };
  const narrow = (node, steps) => {
    if (only) apart();
    only = steps;
    choose(node);
    if (!only) { centre(node, 0.7); return; }
    const left = nodes.filter(visible);
    together(left, node);
    frame(left);
  };
  const choose = (node) => {
    if (chosen) chosen.el.classList.remove("chosen");
    chosen = node;
    if (only && !node) { apart(); only = 0; }
    light(node);
    panel.hidden = !node;
    if (node) {
      node.el.classList.add("chosen");
      tell(node);
      if (!seen(node)) centre(node, 0.7);
    }
    history.replaceState(null, "", node ? "#" + encodeURIComponent(node.name) : location.pathname + location.search);
    filter();
  };

  // What the panel says.
  const tell = (node) => {
    panel.replaceChildren();
    const close = make("button", "close", "✕");
    close.setAttribute("aria-label", "Close");
    close.onclick = () => { const back = chosen; choose(null); back.el.focus({ preventScroll: true }); };
    const alone = make("button", "", ["Only what it touches", "All the way", "Everything"][only]);
    alone.onclick = () => { narrow(node, (only + 1) % 3); panel.focus({ preventScroll: true }); };
    panel.append(close, make("div", "soft", `${node.kind.toLowerCase()} · ${node.state}`), make("h3", "", node.name));
    for (const text of node.notes) panel.append(make("p", "note " + ({ "open question": "question", "cannot be read": "problem" }[node.state] || ""), text));
    const facts = make("dl");
    for (const [label, value] of node.facts) facts.append(make("dt", "", label), make("dd", "", value));
    panel.append(facts);
    panel.append(alone);
    list("Needs", node.needs, "needed", true);
    list("Needed by", node.readers, "needer", false);
    if (!node.ddl) return;
    const lit = new Set(node.needs.flatMap((arrow) => arrow.places.map((place) => place[0])));
    const pre = make("pre");
    pre.tabIndex = 0;
    pre.setAttribute("aria-label", "DDL");
    node.ddl.split("\n").forEach((line, i) => pre.append(make("span", lit.has(i + 1) ? "lit" : "", line)));
    const copy = make("button", "", "Copy");
    copy.onclick = () => navigator.clipboard.writeText(node.ddl).then(() => { copy.textContent = "Copied"; });
    const title = make("h2", "ddl", "DDL");
    title.append(copy);
    panel.append(title, pre);
  };
  const list = (title, edges, end, places) => {
    if (!edges.length) return;
    const items = make("ul");
    for (const arrow of edges) {
      const item = make("li"), link = make("button", "link", nodes[arrow[end]].short);
      link.onclick = () => { go(nodes[arrow[end]]); panel.focus(); };
      item.append(link);
      for (const evidence of arrow.evidence) item.append(make("span", "tag", evidence));
      for (const use of arrow.uses) item.append(make("span", "tag", use.toLowerCase()));
      if (!arrow.certain) item.append(make("span", "tag unsure", "only text says so"));
      for (const [line, column, text] of places ? arrow.places : []) {
        const seenAt = make("button", "link seen", `line ${line}:${column}  ${text}`);
        seenAt.onclick = () => panel.querySelectorAll("pre span")[line - 1]?.scrollIntoView({ block: "center" });
        item.append(seenAt);
      }
      items.append(item);
    }
    panel.append(make("h2", "", `${title} (${edges.length})`), items);
  };

  // What is shown at all: kinds, states, schemas and evidence by the boxes, and with `f` only what the chosen one touches.
  const filter = () => {
    const kinds = off("kind"), states = off("state"), schemas = off("schema"), evidence = off("evidence");
    let count = 0;
    for (const node of nodes) {
      const away = kinds.has(node.kind) || states.has(node.state) || schemas.has(node.place) ||
        (only && chosen && !node.el.classList.contains("near"));
      node.el.classList.toggle("hidden", Boolean(away));
      count += !away;
    }
    for (const arrow of arrows) {
      const away = arrow.evidence.every((each) => evidence.has(each)) || !visible(nodes[arrow.needer]) || !visible(nodes[arrow.needed]) ||
        (only && !arrow.el.classList.contains("near"));
      arrow.el.classList.toggle("hidden", Boolean(away));
    }
    byId("counts").textContent = count === nodes.length ? data.counts : `${count} of ${data.counts}`;
  };
  document.querySelectorAll("aside input").forEach((box) => box.addEventListener("change", () => { light(chosen); filter(); }));

  // Finding.
  let picked = 0, found = [];
  const look = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const rank = (node) => (node.short.toLowerCase().split(".").pop().startsWith(words[0]) ? 0 : 1);
    found = words.length ? nodes.filter((node) => visible(node) && words.every((word) => `${node.kind} ${node.name}`.toLowerCase().includes(word))) : [];
    found.sort((a, b) => rank(a) - rank(b) || a.i - b.i);
    for (const node of nodes) node.el.classList.toggle("found", found.includes(node));
    picked = 0;
    hits.replaceChildren(...found.slice(0, 60).map((node, i) => {
      const item = make("li", "", node.short);
      item.id = "hit" + i;
      item.setAttribute("role", "option");
      item.append(" ", make("small", "", node.kind.toLowerCase()));
      item.onpointerdown = (event) => { event.preventDefault(); take(node); };
      return item;
    }));
    if (words.length && !found.length) hits.append(make("li", "soft", "Nothing of that name"));
    if (found.length > 60) hits.append(make("li", "soft", `and ${found.length - 60} more`));
    hits.hidden = !words.length;
    search.setAttribute("aria-expanded", String(!hits.hidden));
    pick(0);
  };
  const pick = (i) => {
    if (!found.length) { search.removeAttribute("aria-activedescendant"); return; }
    picked = (i + Math.min(found.length, 60)) % Math.min(found.length, 60);
    [...hits.children].forEach((item, j) => item.setAttribute("aria-selected", String(j === picked)));
    hits.children[picked].scrollIntoView({ block: "nearest" });
    search.setAttribute("aria-activedescendant", "hit" + picked);
  };
  const take = (node) => {
    search.value = "";
    look();
    search.blur();
    stand(node);
    choose(node);
    centre(node, 0.9);
    node.el.focus({ preventScroll: true });
  };
  search.addEventListener("input", look);
  search.addEventListener("blur", () => { hits.hidden = true; });
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") pick(picked + 1);
    else if (event.key === "ArrowUp") pick(picked - 1);
    else if (event.key === "Enter" && found.length) take(found[picked]);
    else if (event.key === "Escape") { search.value = ""; look(); (current || nodes[0])?.el.focus({ preventScroll: true }); }
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  // Keys.
  const beside = (node, step) => {
    const same = nodes.filter((each) => visible(each) && Math.abs(each.x - node.x) < data.width).sort((a, b) => a.y - b.y || a.x - b.x);
    return same[same.indexOf(node) + step];
  };
  const nearest = (edges, end, node) => edges.map((arrow) => nodes[arrow[end]]).filter((each) => visible(each) && each !== node)
    .sort((a, b) => Math.abs(a.y - node.y) - Math.abs(b.y - node.y) || a.i - b.i)[0];
  const keys = {
    ArrowLeft: (node) => go(nearest(node.needs, "needed", node)),
    ArrowRight: (node) => go(nearest(node.readers, "needer", node)),
    ArrowUp: (node) => go(beside(node, -1)),
    ArrowDown: (node) => go(beside(node, 1)),
    Enter: (node) => { choose(node); panel.focus({ preventScroll: true }); },
    " ": (node) => choose(chosen === node ? null : node),
    f: (node) => narrow(node, (only + 1) % 3),
  };
  const anywhere = {
    "/": () => search.focus(),
    "+": () => zoomMiddle(1.3), "=": () => zoomMiddle(1.3), "-": () => zoomMiddle(1 / 1.3), 0: fit,
    Escape: () => { const back = chosen; choose(null); if (back) { back.el.focus({ preventScroll: true }); if (!seen(back)) centre(back, 0.7); } },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input")) return;
    const onNode = event.target.closest?.(".node"), onPanel = panel.contains(event.target);
    if (onNode && keys[event.key]) keys[event.key](nodes[+onNode.id.slice(1)]);
    else if (anywhere[event.key]) anywhere[event.key]();
    else if (event.key === "f" && chosen) keys.f(chosen);
    else if (!onPanel && !onNode && event.target === document.body && event.key.startsWith("Arrow")) go(current || nodes.find(visible));
    else return;
    event.preventDefault();
  });

  // The pointer: one drags, two pinch, the wheel zooms; a press that did not move chooses.
  const down = new Map();
  let moved = 0;
  stage.addEventListener("pointerdown", (event) => {
    down.set(event.pointerId, event);
    moved = 0;
  });
  stage.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    if (!stage.hasPointerCapture(event.pointerId) && moved > 3) stage.setPointerCapture(event.pointerId);
    const a = at(before.clientX, before.clientY), b = at(event.clientX, event.clientY);
    moved += Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY);
    if (down.size === 1) {
      view.x += b.x - a.x;
      view.y += b.y - a.y;
      stage.classList.add("held");
      show();
    } else {
      const other = [...down.entries()].find(([id]) => id !== event.pointerId)[1], o = at(other.clientX, other.clientY);
      zoom(Math.hypot(b.x - o.x, b.y - o.y) / Math.max(1, Math.hypot(a.x - o.x, a.y - o.y)), o.x, o.y);
    }
    down.set(event.pointerId, event);
  });
  const up = (event) => {
    if (!down.delete(event.pointerId)) return;
    stage.classList.remove("held");
    if (moved > 4 || event.type === "pointercancel") return;
    const on = event.target.closest(".node");
    if (on) { const node = nodes[+on.id.slice(1)]; stand(node); choose(node); node.el.focus({ preventScroll: true }); }
    else choose(null);
  };
  stage.addEventListener("pointerup", up);
  stage.addEventListener("pointercancel", up);
  stage.addEventListener("wheel", (event) => {
    event.preventDefault();
    const p = at(event.clientX, event.clientY);
    zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : event.deltaMode ? 0.05 : 0.0016)), p.x, p.y);
  }, { passive: false });
  stage.addEventListener("dblclick", (event) => { const p = at(event.clientX, event.clientY); zoom(1.6, p.x, p.y); });

  byId("in").onclick = () => zoomMiddle(1.4);
  byId("out").onclick = () => zoomMiddle(1 / 1.4);
  byId("fit").onclick = fit;
  byId("filters").onclick = (event) => {
    event.currentTarget.setAttribute("aria-pressed", String(!document.body.classList.toggle("bare")));
    show();
  };
  byId("theme").onclick = () => {
    const root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = (root.dataset.theme || (dark ? "dark" : "light")) === "dark" ? "light" : "dark";
  };
  addEventListener("resize", show);
  const named = () => {
    const wanted = decodeURIComponent(location.hash.slice(1)), node = wanted && nodes.find((each) => each.name === wanted);
    if (node) { stand(node); choose(node); centre(node, 0.9); }
  };
  addEventListener("hashchange", named);
  for (const node of nodes) {
    const title = document.createElementNS("http://www.w3.org/2000/svg", "title");
    title.textContent = `${node.kind.toLowerCase()} ${node.name}`;
    node.el.append(title);
  }
  if (nodes.length) stand(nodes[0]);
  fit();
  named();
  document.documentElement.dataset.ready = "yes";
})();
