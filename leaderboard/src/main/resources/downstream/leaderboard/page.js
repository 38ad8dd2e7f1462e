'use strict';
const board = JSON.parse(document.getElementById('board').textContent);
const $ = id => document.getElementById(id);
const SVG = 'http://www.w3.org/2000/svg';
const COSTS = [
  ['parameters', 'parameters', r => r.parameters],
  ['FLOPs', 'FLOPs', r => r.flops],
  ['pretraining FLOPs', 'pretraining', r => r.pretraining_flops],
  ['training seconds', 'train s', r => r.train_seconds],
];
let sort = {key: 'score', down: true};
let section, metric, shown = [];

function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props || {})) {
    if (key in node) node[key] = value; else node.setAttribute(key, value);
  }
  node.append(...children.filter(c => c !== null && c !== undefined));
  return node;
}
function svg(tag, props, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(props)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}
const has = v => v !== null && v !== undefined;
const score = v => has(v) ? v.toFixed(4) : '';
const signed = v => has(v) ? (v < 0 ? '−' : '+') + Math.abs(v).toFixed(4) : '';
function short(v) {
  if (!has(v)) return '';
  for (const [size, unit] of [[1e18, 'E'], [1e15, 'P'], [1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) {
    if (Math.abs(v) >= size) return (v / size).toPrecision(3) + ' ' + unit;
  }
  return String(+v.toPrecision(3));
}
const higher = () => section.metrics.find(m => m.name === metric).higher;
const estimate = row => row.metrics[metric] || {};

const COLUMNS = [
  ['rank', 'rank', r => estimate(r).low, r => estimate(r).rank || '–'],
  ['encoder', 'encoder', r => r.encoder.toLowerCase(), null],
  ['score', () => metric + (higher() ? ' ↑' : ' ↓'), r => estimate(r).mean, r => score(estimate(r).mean)],
  ['interval', '95% interval', r => estimate(r).ci_low, null],
  ['deviation', 'stdev', r => estimate(r).deviation, r => score(estimate(r).deviation)],
  ['n', 'seeds', r => estimate(r).n, r => estimate(r).n || 0],
  ['delta', 'vs random', r => estimate(r).delta, r => signed(estimate(r).delta)],
  ['marks', 'marks', r => r.marks.join(' '), null],
  ['method', 'method', r => r.method, r => r.method || ''],
  ...COSTS.map(([name, head, value]) => [name, head, value, r => short(value(r))]),
];

function marks(row) {
  return row.marks.map(text => el('span', {className: 'mark' + (/not better|leaked|stale/.test(text) ? ' loud' : '')}, text));
}
function range() {
  const ends = section.rows.flatMap(r => [estimate(r).ci_low, estimate(r).ci_high, estimate(r).mean]).filter(has);
  return [Math.min(...ends), Math.max(...ends)];
}
function interval(row, [low, high]) {
  const e = estimate(row);
  if (!has(e.mean)) return null;
  const x = v => high > low ? 4 + 136 * (v - low) / (high - low) : 72;
  const words = has(e.ci_low) ? `${score(e.ci_low)} to ${score(e.ci_high)}` : 'one seed: no interval';
  const drawing = svg('svg', {class: 'interval', viewBox: '0 0 144 16', role: 'img', 'aria-label': words});
  drawing.append(svg('title', {}, words));
  if (has(e.ci_low)) {
    drawing.append(svg('line', {x1: x(e.ci_low), x2: x(e.ci_high), y1: 8, y2: 8}));
    for (const end of [e.ci_low, e.ci_high]) drawing.append(svg('line', {x1: x(end), x2: x(end), y1: 4, y2: 12}));
  }
  drawing.append(svg('circle', {cx: x(e.mean), cy: 8, r: 3.5}));
  return drawing;
}

function order() {
  const value = COLUMNS.find(c => c[0] === sort.key)[2];
  const words = $('filter').value.toLowerCase().split(/\s+/).filter(Boolean);
  shown = section.rows.filter(r => {
    const text = `${r.encoder} ${r.method || ''} ${r.digest} ${r.marks.join(' ')}`.toLowerCase();
    return words.every(w => text.includes(w));
  });
  shown = shown.map(r => [value(r), r]).sort(([a], [b]) => {
    if (!has(a) || !has(b)) return has(b) - has(a);
    return (a < b ? -1 : a > b ? 1 : 0) * (sort.down ? -1 : 1);
  }).map(pair => pair[1]);
}

function head() {
  const row = el('tr');
  for (const [key, title] of COLUMNS) {
    const now = sort.key === key;
    const text = (typeof title === 'function' ? title() : title) + (now ? (sort.down ? ' ▼' : ' ▲') : '');
    const button = el('button', {type: 'button', onclick: () => {
      sort = {key, down: now ? !sort.down : !['rank', 'encoder', 'method', 'marks'].includes(key)};
      rows();
      document.querySelector(`th[data-key="${key}"] button`).focus();
    }}, text);
    const cell = el('th', {scope: 'col', 'data-key': key, 'aria-sort': now ? (sort.down ? 'descending' : 'ascending') : 'none'}, button);
    if (key === 'encoder') cell.className = 'name';
    if (key === 'method' || key === 'marks') cell.className = 'text';
    row.append(cell);
  }
  $('rows').tHead.replaceChildren(row);
}

// A row's line is made once for a section and metric: sorting a thousand only moves them.
const lines = new Map();
function line(row, span) {
  const line = el('tr', {className: row.ranked ? '' : 'out'});
  for (const [key, , , text] of COLUMNS) {
    const cell = el('td');
    if (key === 'encoder') {
      cell.className = 'name';
      cell.append(el('button', {type: 'button', 'aria-expanded': 'false', onclick: event => toggle(row, line, event.currentTarget)}, row.encoder));
    } else if (key === 'interval') {
      cell.append(interval(row, span) || '');
    } else if (key === 'marks') {
      cell.className = 'text marks';
      cell.append(...marks(row));
    } else {
      if (key === 'method') cell.className = 'text';
      cell.textContent = text(row);
    }
    line.append(cell);
  }
  return line;
}
function rows() {
  order();
  head();
  for (const open of $('rows').querySelectorAll('tr.open')) {
    open.classList.remove('open');
    open.querySelector('button').setAttribute('aria-expanded', 'false');
  }
  const span = lines.size ? null : range();
  for (const row of lines.size ? [] : section.rows) lines.set(row, line(row, span));
  $('rows').tBodies[0].replaceChildren(...shown.map(row => lines.get(row)));
  $('count').textContent = `${shown.length} of ${section.rows.length} rows`;
}
function table() {
  rows();
  plot();
}

function toggle(row, line, button) {
  const open = button.getAttribute('aria-expanded') === 'true';
  button.setAttribute('aria-expanded', String(!open));
  line.classList.toggle('open', !open);
  if (open) { line.nextSibling.remove(); return; }
  line.after(el('tr', {className: 'detail'}, el('td', {colSpan: COLUMNS.length}, detail(row))));
}
function facts(pairs) {
  const list = el('dl');
  for (const [name, value] of pairs) if (has(value) && value !== '') list.append(el('dt', {}, name), el('dd', {}, String(value)));
  return list;
}
function detail(row) {
  const inner = el('div', {className: 'inner'});
  inner.append(facts([['encoder digest', row.digest], ['method', row.method], ['parameters', row.parameters],
    ['FLOPs of one image', row.flops], ['pretraining FLOPs', row.pretraining_flops], ['leak check', row.leak && row.leak.verdict], ['commit', row.commits], ['last run', row.date],
    ['verified', row.verified], ['provenance', row.provenance]]));
  const classes = Object.entries(row.per_class).filter(([, v]) => has(v[metric]));
  if (classes.length) inner.append(el('h3', {}, `${metric} per class`), ...bars(classes.map(([name, v]) => [name, v[metric]])));
  const sizes = section.metrics.filter(m => /^(AP|AR)[sml]$/.test(m.name)).map(m => [m.name, (row.metrics[m.name] || {}).mean]).filter(p => has(p[1]));
  if (sizes.length) inner.append(el('h3', {}, 'By size of object'), ...bars(sizes));
  if (row.leak && row.leak.images.length) inner.append(el('h3', {}, 'Pretrained on'), el('p', {}, row.leak.images.join(', ')));
  if (row.leak && row.leak.pairs.length) {
    inner.append(el('h3', {}, 'Look like a pretraining image: judge for yourself'),
      simpleTable(['image', 'pretraining image', 'bits of 64 that differ'], row.leak.pairs.map(p => [p.image, p.pretraining_image, p.bits])));
  }
  for (const image of row.images) {
    inner.append(el('figure', {}, el('img', {src: image.data, alt: `${image.name} of ${row.encoder}`}), el('figcaption', {className: 'soft'}, image.name)));
  }
  for (const run of row.runs) {
    inner.append(el('h3', {}, `Seed ${run.seed}: ${metric} ${score(run.metrics[metric])}`),
      facts([['run', run.id], ['file', run.file], ['started', run.start], ['machine', run.machine], ['determinism', run.determinism], ['control', run.control], ['warnings', run.warnings.join('; ')]]),
      el('pre', {tabIndex: 0}, run.command));
  }
  return inner;
}
function bars(pairs) {
  const most = Math.max(...pairs.map(p => Math.abs(p[1])), 1e-9);
  return pairs.map(([name, value]) => {
    const bar = el('i', {'aria-hidden': 'true'});
    bar.style.width = `${100 * Math.abs(value) / most}%`;
    return el('div', {className: 'bar'}, el('span', {}, name), el('span', {}, bar), el('span', {}, score(value)));
  });
}

// Below the labels above it that it would cover, with a line to its point.
function label(group, labels, x, y, text) {
  let at = y;
  for (const other of labels) if (Math.abs(other.x - x) < 110 && at - other.y < 13) at = other.y + 13;
  labels.push({x, y: at});
  if (at > y) group.append(svg('line', {class: 'whisker', x1: x + 5, x2: x + 15, y1: y, y2: at}));
  group.append(svg('text', {x: x + (at > y ? 17 : 8), y: at + 4}, text));
}

function plot() {
  const cost = COSTS.find(c => c[0] === $('cost').value)[2];
  const points = shown.filter(r => cost(r) > 0 && has(estimate(r).mean)).slice(0, 300);
  if (!points.length) { $('plot').replaceChildren(el('p', {className: 'soft'}, 'No row says what it cost.')); return; }
  const [W, H, L, B] = [720, 320, 64, 36];
  const xs = points.map(r => Math.log10(cost(r)));
  const ys = points.flatMap(r => [estimate(r).mean, estimate(r).ci_low, estimate(r).ci_high]).filter(has);
  const fit = (values, pad) => { const a = Math.min(...values), b = Math.max(...values); const p = (b - a || pad) * .08; return [a - p, b + p]; };
  const [x0, x1] = fit(xs, 1), [y0, y1] = fit(ys, .01);
  const X = v => L + (W - L - 90) * (v - x0) / (x1 - x0), Y = v => H - B - (H - B - 12) * (v - y0) / (y1 - y0);
  const drawing = svg('svg', {viewBox: `0 0 ${W} ${H}`, role: 'img', 'aria-label': `${metric} against ${$('cost').value}, ${points.length} rows`});
  drawing.append(svg('path', {class: 'axis', fill: 'none', d: `M${L},8V${H - B}H${W - 8}`}));
  for (let i = 0; i <= 4; i++) {
    const y = y0 + (y1 - y0) * i / 4, x = x0 + (x1 - x0) * i / 4;
    drawing.append(svg('text', {x: L - 6, y: Y(y) + 4, 'text-anchor': 'end'}, y.toFixed(y1 - y0 < .05 ? 4 : 3)));
    drawing.append(svg('text', {x: X(x), y: H - B + 16, 'text-anchor': 'middle'}, short(10 ** x)));
  }
  drawing.append(svg('text', {x: (L + W) / 2, y: H - 4, 'text-anchor': 'middle'}, $('cost').value + ' (logarithmic)'));
  const labels = [];
  for (const row of points.sort((a, b) => Y(estimate(a).mean) - Y(estimate(b).mean))) {
    const e = estimate(row), x = X(Math.log10(cost(row))), y = Y(e.mean);
    const group = svg('g', {});
    group.append(svg('title', {}, `${row.encoder}: ${score(e.mean)}, ${short(cost(row))}`));
    if (has(e.ci_low)) group.append(svg('line', {class: 'whisker', x1: x, x2: x, y1: Y(e.ci_low), y2: Y(e.ci_high)}));
    group.append(row.control ? svg('rect', {class: 'dot', x: x - 4, y: y - 4, width: 8, height: 8}) : svg('circle', {class: 'dot', cx: x, cy: y, r: 4.5}));
    if (points.length <= 25) label(group, labels, x, y, row.encoder.slice(0, 14));
    drawing.append(group);
  }
  $('plot').replaceChildren(drawing);
}

function simpleTable(heads, rows) {
  const line = (tag, cells) => el('tr', {}, ...cells.map(c => el(tag, {className: 'text'}, has(c) ? String(c) : '')));
  return el('table', {className: 'plain'}, el('thead', {}, line('th', heads)), el('tbody', {}, ...rows.map(r => line('td', r))));
}
function choose() {
  section = board.sections[$('section').value];
  $('title').textContent = section.title;
  $('notes').replaceChildren(...section.notes.map(text => el('span', {className: 'mark loud'}, text)));
  $('metric').replaceChildren(...section.metrics.map(m => el('option', {value: m.name}, m.name + (m.higher ? ' ↑' : ' ↓'))));
  metric = section.metrics[0].name;
  lines.clear();
  sort = {key: 'score', down: higher()};
  $('protocol').lastElementChild.replaceChildren(simpleTable(['field', 'value'], Object.entries(section.fields).map(([k, v]) => [k, JSON.stringify(v)])));
  $('claims').hidden = !section.claims.length;
  $('claims').lastElementChild.replaceChildren(simpleTable(['method', 'metric', 'reported', 'measured', 'difference', 'verdict', 'data', 'protocol', 'source'],
    section.claims.map(c => [c.method, c.metric, score(c.reported), score(c.measured), signed(c.difference), c.verdict, c.data, c.protocol, c.source])));
  table();
}
$('summary').textContent = board.summary;
$('section').append(...board.sections.map((s, i) => el('option', {value: i}, s.title)));
$('cost').append(...COSTS.map(([name]) => el('option', {value: name}, name)));
$('section').onchange = choose;
$('metric').onchange = () => { metric = $('metric').value; lines.clear(); sort = {key: 'score', down: higher()}; table(); };
$('filter').oninput = table;
$('cost').onchange = plot;
for (const form of document.forms) form.onsubmit = event => event.preventDefault();
$('left').lastElementChild.append(...board.left_out.map(l => el('li', {}, el('code', {}, l.file), ': ' + l.reason)));
$('left').firstElementChild.textContent = `Left out (${board.left_out.length})`;
if (board.overall.length) {
  $('overall').hidden = false;
  $('overall').append(el('p', {className: 'soft'}, 'The mean of primary metrics, ranked only where no section is missing.'),
    el('div', {className: 'scroll'}, simpleTable(['encoder', 'mean', 'sections'], board.overall.map(o => [o.encoder, score(o.mean), `mean over ${o.k} of ${o.n}`]))));
}
choose();
