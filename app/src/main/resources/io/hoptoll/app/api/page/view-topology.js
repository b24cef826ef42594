/** Who calls whom, how fast, and whose the time is. A line opened: its legs over time. */
import { h } from './dom.js';
import { get, link } from './api.js';
import { timeline } from './chart.js';
import { empty, legend, section, shares, windows } from './parts.js';
import { PARTIES, bytes, count, duration, edgeName, legName, legOrder, partyName, percent, rate, service } from './text.js';

/** @typedef {import('./api.js').Json} Json */

/** @param {Json} query @param {AbortSignal} signal */
export async function load(query, signal) {
  const [topology, pods, series] = await Promise.all([
    get('topology', { window: query.window || '1m' }, signal),
    get('pods', {}, signal),
    query.client ? get('edges/series', { client: query.client, server: query.server, window: '5m' }, signal) : null]);
  return { topology, pods, series, query };
}

/** @param {Json} data */
export function render({ topology, pods, series, query }) {
  const window = query.window || '1m';
  const chosen = query.client ? { client: query.client, server: query.server } : {};
  return [
    h('div.title', null, h('h1', null, 'Topology'), windows('topology', chosen, window)),
    ...(topology.edges.length
      ? [h('p.lead', null, 'Lines are as wide as they are busy, and have the colour of who takes most of a call. Open one.'), legend(),
        graph(topology, query, window), series ? detail(series, topology, query) : null, table(topology, window)]
      : [empty('Nobody called anybody in this range', h('p', null, 'Choose a longer range, or see ', h('a', { href: link('health') }, 'Health'), ' for who sends access logs.'))]),
    podList(pods),
  ].filter(Boolean);
}

/**
 * Columns by distance from those whom nobody calls; on a narrow screen rows.
 * @param {Json} topology
 */
function place(topology) {
  /** @type {Map<string, number>} */
  const level = new Map(topology.services.map((/** @type {Json} */ s) => [s.name, 0]));
  for (let round = 0; round < level.size; round++) {
    let moved = false;
    for (const { edge } of topology.edges) {
      const next = Math.min((level.get(edge.client) || 0) + 1, level.size);
      if (next > (level.get(edge.server) || 0) && edge.client !== edge.server) {
        level.set(edge.server, next);
        moved = true;
      }
    }
    if (!moved) {
      break;
    }
  }
  /** @type {Map<number, string[]>} */
  const layers = new Map();
  level.forEach((l, name) => layers.set(l, [...(layers.get(l) || []), name]));
  return [...layers.entries()].sort(([a], [b]) => a - b).map(([, names]) => names.sort());
}

/** @param {Json} topology @param {Json} query @param {string} window */
function graph(topology, query, window) {
  const layers = place(topology);
  const upright = document.documentElement.clientWidth < 700;
  const widest = Math.max(...layers.map((l) => l.length));
  const across = Math.max(84, Math.min(150, Math.floor((document.documentElement.clientWidth - 26) / widest)));
  const box = upright ? { w: across - 8, h: 44, along: 104, across } : { w: 168, h: 46, along: 288, across: 88 };
  const size = upright
    ? { w: widest * box.across, h: layers.length * box.along - box.along + box.h + 8 }
    : { w: (layers.length - 1) * box.along + box.w + 8, h: widest * box.across };
  /** @type {Map<string, {x: number, y: number}>} */
  const at = new Map();
  layers.forEach((names, l) => names.forEach((name, i) => {
    const middle = ((i + 0.5) * (upright ? size.w : size.h)) / names.length;
    const begin = 4 + l * box.along;
    at.set(name, upright ? { x: middle - box.w / 2, y: begin } : { x: begin, y: middle - box.h / 2 });
  }));
  const busiest = Math.max(...topology.edges.map((/** @type {Json} */ e) => e.ratePerSecond), 1e-9);
  const errors = new Map(topology.services.map((/** @type {Json} */ s) => [s.name, s]));
  return h('div.scroll', { 'data-key': 'graph' }, h('svg.graph', { viewBox: `0 0 ${size.w} ${size.h}`, width: size.w, height: size.h, role: 'group', 'aria-label': 'Service graph' },
    topology.edges.map((/** @type {Json} */ e) => edge(e, at, box, { upright, busiest, query, window })),
    topology.edges.map((/** @type {Json} */ e) => edgeLabel(e, at, box, { upright, query, near: nearServer(e, topology) })),
    [...at.entries()].map(([name, p]) => node(name, p, box, errors.get(name)))));
}

/**
 * Where lines fan out their labels stand at the server, where they meet at the client.
 * @param {Json} e
 * @param {Json} topology
 */
const nearServer = (e, topology) =>
  topology.edges.filter((/** @type {Json} */ x) => x.edge.server === e.edge.server).length === 1;

/** @param {Json} e @param {Map<string, {x: number, y: number}>} at @param {Json} box @param {Json} how */
function edge(e, at, box, { upright, busiest, query, window }) {
  const { from, to } = between(e, at, box, upright);
  const bend = upright
    ? `C${from.x} ${(from.y + to.y) / 2} ${to.x} ${(from.y + to.y) / 2} ${to.x} ${to.y}`
    : `C${(from.x + to.x) / 2} ${from.y} ${(from.x + to.x) / 2} ${to.y} ${to.x} ${to.y}`;
  const d = `M${from.x} ${from.y}${bend}`;
  const most = PARTIES.reduce((best, [p]) => ((e.parties[p] || 0) > (e.parties[best] || 0) ? p : best), 'UNDETERMINED');
  const chosen = query.client === e.edge.client && query.server === e.edge.server;
  const go = link('topology', { window, client: e.edge.client, server: e.edge.server });
  const words = `${edgeName(e.edge)}: ${rate(e.ratePerSecond)}, p50 ${duration(e.p50Nanos)}, p99 ${duration(e.p99Nanos)}, ${e.errors} errors; most time: ${partyName(most)}`;
  const open = () => { location.hash = go; };
  return h('g.edge', {
    class: chosen ? 'chosen' : null, tabindex: '0', role: 'link', 'aria-label': words, onclick: open, 'data-key': go,
    'data-tip': words.replace(': ', '\n').replace('; ', '\n'),
    onkeydown: (/** @type {KeyboardEvent} */ k) => k.key === 'Enter' && open(),
  },
    h('path.hit', { d }),
    h(`path.l-${most}`, { d, 'stroke-width': 1.5 + (4.5 * e.ratePerSecond) / busiest }));
}

/**
 * Where a line begins and ends.
 * @param {Json} e @param {Map<string, {x: number, y: number}>} at @param {Json} box @param {boolean} upright
 */
function between(e, at, box, upright) {
  const a = /** @type {{x: number, y: number}} */ (at.get(e.edge.client));
  const b = /** @type {{x: number, y: number}} */ (at.get(e.edge.server));
  return {
    from: upright ? { x: a.x + box.w / 2, y: a.y + box.h } : { x: a.x + box.w, y: a.y + box.h / 2 },
    to: upright ? { x: b.x + box.w / 2, y: b.y } : { x: b.x, y: b.y + box.h / 2 },
  };
}

/**
 * Drawn after all lines: none crosses it.
 * @param {Json} e @param {Map<string, {x: number, y: number}>} at @param {Json} box @param {Json} how
 */
function edgeLabel(e, at, box, { upright, query, near }) {
  const { from, to } = between(e, at, box, upright);
  const chosen = query.client === e.edge.client && query.server === e.edge.server;
  return h('text.label', { ...label(upright, near, from, to), class: chosen ? 'chosen' : null, 'aria-hidden': 'true', 'data-key': `label ${edgeName(e.edge)}` },
    `${upright ? '' : 'p99 '}${duration(e.p99Nanos)}${e.errors ? ` ✕${count(e.errors)}` : ''}`);
}

/** @param {boolean} upright @param {boolean} near @param {{x: number, y: number}} from @param {{x: number, y: number}} to */
function label(upright, near, from, to) {
  const end = near ? to : from;
  const away = near ? -1 : 1;
  return upright
    ? { x: end.x, y: end.y + away * 14 + (near ? 0 : 4), 'text-anchor': 'middle' }
    : { x: end.x + away * 8, y: end.y - 8, 'text-anchor': near ? 'end' : 'start' };
}

/** @param {string} name @param {{x: number, y: number}} p @param {Json} box @param {Json | undefined} s */
function node(name, p, box, s) {
  const fits = Math.floor(box.w / (box.w < 150 ? 6.4 : 8));
  const short = service(name).length > fits ? `${service(name).slice(0, fits - 1)}…` : service(name);
  return h('g.node', { 'data-tip': name },
    h('rect', { x: p.x, y: p.y, width: box.w, height: box.h, rx: 8, class: s && s.errors ? 'errors' : null }),
    h('text.name', { x: p.x + box.w / 2, y: p.y + 19, 'text-anchor': 'middle' }, short),
    h('text.dim', { x: p.x + box.w / 2, y: p.y + 36, 'text-anchor': 'middle' },
      s ? (s.servedPerSecond ? `serves ${rate(s.servedPerSecond)}` : `sends ${rate(s.madePerSecond)}`) + (s.errors ? `, ✕${count(s.errors)}` : '') : ''));
}

/** @param {Json} series @param {Json} topology @param {Json} query */
function detail(series, topology, query) {
  const e = topology.edges.find((/** @type {Json} */ x) => x.edge.client === query.client && x.edge.server === query.server);
  const width = Math.min(1200, Math.max(340, document.documentElement.clientWidth - 40));
  return section(edgeName(series.edge),
    e ? h('p.figures', null, [['rate', rate(e.ratePerSecond)], ['p50', duration(e.p50Nanos)], ['p99', duration(e.p99Nanos)], ['errors', `${count(e.errors)} (${percent(e.errors / e.requests)})`],
      ['segments sent again', count(e.retransmits)], ['connections opened', count(e.connectionsOpened)], ['SYNs sent again', count(e.synRetransmits)], ['min RTT', duration(e.minRttNanos)]]
      .map(([name, value]) => h('span', null, `${name} `, h('b', null, value))))
      : h('p', null, 'No calls in the range above; the last five minutes:'),
    timeline(series, { width }), legs(series));
}

/**
 * The mean call of the last points that had any.
 * @param {Json} series
 */
function legs(series) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  let calls = 0;
  series.points.forEach((/** @type {Json} */ p) => {
    calls += p.requests;
    Object.entries(p.legs).forEach(([leg, nanos]) => sums.set(leg, (sums.get(leg) || 0) + nanos * p.requests));
  });
  const rows = [...sums.entries()].sort(([a], [b]) => legOrder(a) - legOrder(b));
  const largest = Math.max(1, ...rows.map(([, n]) => n));
  return h('details', null, h('summary', null, `Legs of the mean call, ${count(calls)} calls in 5 minutes`),
    h('table.legs', null, h('tbody', null, rows.map(([leg, n]) => h('tr', null, h('th.mono', { scope: 'row' }, legName(leg)),
      h('td.wide', null, h('div.meter', null, h('span', { style: { width: `${(100 * n) / largest}%` } }))), h('td.num', null, duration(n / Math.max(1, calls))))))));
}

/** @param {Json} pods */
const podList = (pods) => (pods.pods.length
  ? section('Pods', h('p.dim.small', null, 'Open one: its processes, its peers, and what the sockets of each line say.'),
    h('ul.senders', null, pods.pods.map((/** @type {Json} */ p) => h('li', { 'data-key': p.namespace + p.name },
      h('a', { href: link('pod', { pod: `${p.namespace}/${p.name}` }) }, p.namedBy === 'address' ? p.name : service(`${p.name}.${p.namespace}`)),
      p.namedBy === 'address' ? h('small.dim', null, `on node ${p.node}, named by no one`) : null,
      h('small.dim', null, `${p.processes} processes, ${p.lines} lines, in ${bytes(p.bytesIn)}, out ${bytes(p.bytesOut)}`)))))
  : null);

/** @param {Json} topology @param {string} window */
function table(topology, window) {
  const rows = [...topology.edges].sort((a, b) => b.p99Nanos - a.p99Nanos);
  return section('Calls', h('div.scroll', null, h('table', null,
    h('thead', null, h('tr', null, ['From → to', 'Rate', 'Errors', 'p50', 'p99', 'Whose time'].map((t) => h('th', { scope: 'col' }, t)))),
    h('tbody', null, rows.map((e) => h('tr', { 'data-key': edgeName(e.edge) },
      h('td', null, h('a', { href: link('topology', { window, client: e.edge.client, server: e.edge.server }) }, edgeName(e.edge))),
      h('td.num', null, rate(e.ratePerSecond)), h('td.num', null, count(e.errors)), h('td.num', null, duration(e.p50Nanos)), h('td.num', null, duration(e.p99Nanos)),
      h('td.wide', null, shares(e.parties))))))));
}
