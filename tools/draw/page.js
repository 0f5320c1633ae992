// The page of one interleaving: moves the current step, shows what stands
// there. Everything that comes from the program is put in as text.
"use strict";
(() => {
    const story = JSON.parse(document.getElementById("story").textContent);
    const steps = story.steps;
    const threads = story.threads;
    const byId = (id) => document.getElementById(id);
    const rows = Array.from(document.querySelectorAll("#steps tbody tr"));
    const files = new Map();
    let at = 0;

    const base = (path) => (path || "").split("/").pop();

    function name(id) {
        const thread = threads.find((t) => t.id === id);
        if (id === 0) return "main";
        return thread ? `${id} ${thread.name || "thread"}` : `thread ${id}`;
    }

    const mark = (id) => (id === 0 ? "m" : String(id));

    function make(tag, text, className) {
        const node = document.createElement(tag);
        if (text !== undefined) node.textContent = text;
        if (className) node.className = className;
        return node;
    }

    // What stands after step k, read from the steps up to it.
    function sceneAt(k) {
        const lives = new Map();
        const variables = new Map();
        if (threads.some((t) => t.id === 0)) lives.set(0, { born: true });
        for (let i = 0; i <= k; i++) {
            const s = steps[i];
            const life = lives.get(s.thread) || {};
            life.born = life.begun = true;
            life.ended = s.op === "end";
            life.file = base(s.file);
            life.line = s.line;
            lives.set(s.thread, life);
            if (s.child !== undefined && !lives.has(s.child))
                lives.set(s.child, { born: true });
            if (s.variable)
                variables.set(s.variable, { value: s.value, step: i });
        }
        return { lives, variables, locks: locksAt(k), waits: waitsAt(k) };
    }

    const locksAt = (k) => steps[k].locks || [];

    function waitsAt(k) {
        const last = k === steps.length - 1 && story.end && story.end.waits;
        const here = steps[k].waits;
        return here && here.length ? here : last || [];
    }

    function waitWords(w) {
        if (w.join) return `waits for the end of ${name(w.holder)}`;
        const held = w.holder === undefined ? "" : `, held by ${name(w.holder)}`;
        return `waits for ${w.object}${held}`;
    }

    // One thread can wait for several readers.
    function stateOf(id, scene, k) {
        const life = scene.lives.get(id);
        const waits = scene.waits.filter((w) => w.thread === id);
        if (!life) return "not created yet";
        if (life.ended) return "has ended";
        const wait = waits.map(waitWords).join("; ");
        const line = waits.length && waits[0].line
            ? ` (line ${waits[0].line})` : "";
        if (steps[k].thread === id)
            return `took this step${wait && `, now ${wait}${line}`}`;
        if (wait) return wait;
        return life.begun || id === 0 ? "can go on" : "created, not started";
    }

    function placeOf(id, scene, k) {
        const life = scene.lives.get(id);
        const wait = scene.waits.find((w) => w.thread === id);
        if (!life || life.ended) return null;
        if (wait && wait.line && steps[k].thread !== id)
            return { file: base(wait.file) || life.file, line: wait.line };
        return life.line ? { file: life.file, line: life.line } : null;
    }

    function fill(id, list, cells, empty) {
        const body = byId(id).tBodies[0];
        body.replaceChildren();
        for (const item of list) {
            const row = body.insertRow();
            cells(row, item);
        }
        if (!list.length) {
            const cell = body.insertRow().insertCell();
            cell.colSpan = byId(id).tHead.rows[0].cells.length;
            cell.className = "dim";
            cell.textContent = empty;
        }
    }

    function showThreads(scene, k) {
        fill("threads", threads, (row, t) => {
            const head = make("th");
            const place = placeOf(t.id, scene, k);
            head.scope = "row";
            head.append(make("span", mark(t.id), "chip"), ` ${name(t.id)}`);
            row.append(head);
            row.insertCell().textContent = stateOf(t.id, scene, k);
            const cell = row.insertCell();
            cell.className = "place";
            cell.textContent = place ? `${place.file}:${place.line}` : "";
            row.classList.toggle("now", steps[k].thread === t.id);
        }, "");
    }

    function showLocks(scene) {
        fill("locks", scene.locks, (row, lock) => {
            row.append(make("td", lock.object));
            row.append(make("td", name(lock.thread) +
                (lock.shared ? ", to read" : "")));
            row.append(make("td", lock.line ? `line ${lock.line}` : ""));
        }, "no lock is held");
    }

    function showVariables(scene, k) {
        const list = Array.from(scene.variables);
        fill("variables", list, (row, [what, v]) => {
            const s = steps[v.step];
            const now = v.step === k;
            row.classList.toggle("changed", now);
            row.append(make("td", what));
            row.append(make("td", v.value));
            row.append(make("td", `${name(s.thread)} ` +
                `${s.text.split(" ", 1)[0]} it, step ${v.step + 1}` +
                (now ? " (now)" : "")));
        }, "no shared variable was used yet");
    }

    // Where each thread stands, in the margin of the sources.
    function showSource(scene, k) {
        for (const lines of files.values())
            for (const line of lines) {
                line.classList.remove("now", "held");
                line.querySelector(".who").textContent = "";
            }
        const active = steps[k].thread;
        const order = threads.filter((t) => t.id !== active);
        order.unshift(...threads.filter((t) => t.id === active));
        for (const t of order) {
            const place = placeOf(t.id, scene, k);
            const lines = place && files.get(place.file);
            const line = lines && lines[place.line - 1];
            if (!line) continue;
            const who = line.querySelector(".who");
            const now = t.id === active;
            who.textContent += (now ? "\u25b6" : who.textContent ? "," : "") +
                mark(t.id);
            line.classList.add(now ? "now" : "held");
            if (now) reveal(line);
        }
    }

    // Scrolls the box that a node is in, and never the page.
    function reveal(node) {
        const box = node.closest(".scroll");
        if (!box) return;
        const top = node.getBoundingClientRect().top -
            box.getBoundingClientRect().top;
        if (top < 40 || top > box.clientHeight - 60)
            box.scrollTop += top - box.clientHeight / 2;
    }

    function showRow(k) {
        rows.forEach((row, i) => {
            row.classList.toggle("now", i === k);
            if (i === k) row.setAttribute("aria-current", "step");
            else row.removeAttribute("aria-current");
        });
        reveal(rows[k]);
    }

    function showNow(k) {
        const s = steps[k];
        const head = make("strong",
            `Step ${k + 1} of ${steps.length}: ${name(s.thread)} ${s.text}.`);
        const parts = [head];
        if (s.finding) head.append(" ", make("span", "part of the bug", "bug"));
        if (s.line) parts.push(make("span", `${base(s.file)} line ${s.line}.`));
        parts.push(make("span", s.switch
            ? `Why ${name(s.thread)} runs here: ${s.switch}.`
            : k ? `${name(s.thread)} goes on.` : "The program begins."));
        byId("now").replaceChildren(...parts);
        byId("step").value = String(k + 1);
        byId("step").setAttribute("aria-valuetext",
            `step ${k + 1} of ${steps.length}`);
        byId("first").disabled = byId("back").disabled = k === 0;
        byId("forward").disabled = byId("last").disabled =
            k === steps.length - 1;
    }

    function go(k) {
        // A button that is switched off under the finger loses the focus.
        const focus = document.activeElement;
        at = Math.max(0, Math.min(steps.length - 1, k));
        const scene = sceneAt(at);
        showNow(at);
        showThreads(scene, at);
        showLocks(scene);
        showVariables(scene, at);
        showGraph(scene.waits);
        showSource(scene, at);
        showRow(at);
        if (focus && focus.disabled) byId("step").focus();
        try {
            history.replaceState(null, "", `#step-${at + 1}`);
        } catch (e) {
            // A page without an address of its own has no history.
        }
    }

    // The wait-for graph: a circle of waits is drawn as one, with those who
    // wait for it beside it; without one, a walk along the edges is.
    function graphOf(waits) {
        const edges = [];
        const seen = new Set();
        const add = (from, to, hold) => {
            const key = JSON.stringify([from, to]);
            if (!seen.has(key)) edges.push({ from, to, hold });
            seen.add(key);
        };
        for (const w of waits) {
            const me = `t${w.thread}`;
            if (w.join) {
                add(me, `t${w.holder}`, false);
                continue;
            }
            add(me, `o${w.object}`, false);
            if (w.holder !== undefined)
                add(`o${w.object}`, `t${w.holder}`, true);
        }
        return edges;
    }

    function circleOf(edges) {
        const reach = (from, to, seen) => edges.some((e) => e.from === from &&
            !seen.has(e.to) && (e.to === to ||
                (seen.add(e.to), reach(e.to, to, seen))));
        return new Set(edges.map((e) => e.from)
            .filter((n) => reach(n, n, new Set())));
    }

    function walk(edges, circle) {
        const order = [];
        const visit = (node) => {
            if (order.includes(node)) return;
            order.push(node);
            edges.filter((e) => e.from === node)
                .sort((a, b) => circle.has(b.to) - circle.has(a.to))
                .forEach((e) => visit(e.to));
        };
        circle.forEach(visit);
        edges.forEach((e) => visit(e.from));
        return order;
    }

    const shape = (tag, attributes, className) => {
        const node = document.createElementNS("http://www.w3.org/2000/svg",
            tag);
        for (const key of Object.keys(attributes))
            node.setAttribute(key, attributes[key]);
        if (className) node.setAttribute("class", className);
        return node;
    };

    const label = (node) => {
        const text = node[0] === "t" ? name(Number(node.slice(1)))
            : node.slice(1);
        return text.length > 24 ? `${text.slice(0, 22)}\u2026` : text;
    };

    // Where the line from the middle of a box to (x, y) leaves the box.
    function rim(box, x, y) {
        const dx = x - box.x, dy = y - box.y;
        const scale = Math.min(box.w / Math.abs(dx || 1e-9),
            box.h / Math.abs(dy || 1e-9));
        return { x: box.x + dx * scale, y: box.y + dy * scale };
    }

    function drawEdge(edge, boxes, circle) {
        const a = boxes.get(edge.from), b = boxes.get(edge.to);
        const p = rim(a, b.x, b.y), q = rim(b, a.x, a.y);
        const turn = Math.atan2(q.y - p.y, q.x - p.x) * 180 / Math.PI;
        const group = shape("g", {}, (edge.hold ? "hold" : "wait") +
            (circle.has(edge.from) && circle.has(edge.to) ? " circle" : ""));
        group.append(shape("line", { x1: p.x, y1: p.y, x2: q.x, y2: q.y },
            "edge"));
        group.append(shape("path", { d: "M0 0L-12 -6V6z",
            transform: `translate(${q.x} ${q.y}) rotate(${turn})` }, "tip"));
        return group;
    }

    function drawNode(node, box, circle) {
        const group = shape("g", {}, circle.has(node) ? "circle" : "");
        const text = shape("text", { x: box.x, y: box.y });
        text.textContent = label(node);
        group.append(node[0] === "t"
            ? shape("rect", { x: box.x - box.w, y: box.y - box.h,
                width: 2 * box.w, height: 2 * box.h, rx: 4 }, "node")
            : shape("rect", { x: box.x - box.w, y: box.y - box.h,
                width: 2 * box.w, height: 2 * box.h, rx: box.h }, "node"),
        text);
        return group;
    }

    function layOut(order, circle, height) {
        const boxes = new Map();
        const ring = order.filter((n) => !circle.size || circle.has(n));
        const beside = order.filter((n) => !ring.includes(n));
        const half = (node) => 10 + 4.2 * label(node).length;
        const widest = (nodes) => Math.max(0, ...nodes.map(half));
        const left = beside.length ? 2 * widest(beside) + 24 : 4;
        const middle = left + widest(ring) + 130;
        const place = (node, x, y) =>
            boxes.set(node, { x, y, w: half(node), h: 16 });
        ring.forEach((node, i) => {
            const angle = 2 * Math.PI * i / ring.length - Math.PI / 2;
            place(node, middle + 130 * Math.cos(angle),
                height / 2 + (height / 2 - 26) * Math.sin(angle));
        });
        beside.forEach((node, i) =>
            place(node, 4 + widest(beside),
                height * (i + 0.5) / beside.length));
        return { boxes, width: middle + 134 + widest(ring) };
    }

    function showGraph(waits) {
        const edges = graphOf(waits);
        const circle = circleOf(edges);
        const order = walk(edges, circle);
        const height = Math.max(130, 55 * order.length);
        const { boxes, width } = layOut(order, circle, height);
        const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`,
            width, height, "aria-hidden": "true" });
        edges.forEach((e) => svg.append(drawEdge(e, boxes, circle)));
        order.forEach((n) => svg.append(drawNode(n, boxes.get(n), circle)));
        byId("picture").replaceChildren(...(edges.length ? [svg] : []));
        byId("legend").hidden = !edges.length;
        byId("waiting").replaceChildren(...waits.map((w) =>
            make("li", `${name(w.thread)}${w.line ? ` (line ${w.line})` : ""} ` +
                waitWords(w))));
        byId("nobody").hidden = waits.length > 0;
        byId("loop").hidden = circle.size === 0;
    }

    const moves = {
        ArrowLeft: () => at - 1,
        ArrowRight: () => at + 1,
        Home: () => 0,
        End: () => steps.length - 1,
    };

    // The slider moves by itself; a box that scrolls keeps its keys.
    function onKey(event) {
        const box = event.target.closest(".scroll");
        if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey ||
            event.target.id === "step" || !Object.hasOwn(moves, event.key))
            return;
        if (box && (!event.key.startsWith("Arrow") ||
            box.scrollWidth > box.clientWidth))
            return;
        event.preventDefault();
        go(moves[event.key]());
    }

    // No element is called so: the page stays where it is.
    function fromAddress() {
        const match = /^#step-(\d+)$/.exec(location.hash);
        return match ? Number(match[1]) - 1 : 0;
    }

    for (const file of document.querySelectorAll(".file"))
        files.set(file.dataset.file,
            Array.from(file.querySelectorAll(".line")));
    if (!steps.length) return;
    document.documentElement.classList.add("moves");
    for (const part of document.querySelectorAll(".script"))
        part.hidden = false;
    byId("first").onclick = () => go(0);
    byId("back").onclick = () => go(at - 1);
    byId("forward").onclick = () => go(at + 1);
    byId("last").onclick = () => go(steps.length - 1);
    byId("step").oninput = (event) => go(Number(event.target.value) - 1);
    byId("steps").onclick = (event) => {
        const link = event.target.closest("a");
        if (!link) return;
        event.preventDefault();
        go(Number(link.hash.slice(5)) - 1);
    };
    document.addEventListener("keydown", onKey);
    window.addEventListener("hashchange", () => go(fromAddress()));
    go(fromAddress());
})();
