/** A pod opened: its processes inside a hexagon, its peers outside, and the lines between them. */
import { h } from './dom.js';
import { get, link } from './api.js';
import { histogram } from './chart.js';
import { inFlight, requests, routes, statuses } from './heads.js';
import { empty, section } from './parts.js';
import { bytes, count, duration } from './text.js';

/** @typedef {import('./api.js').Json} Json */
/** @typedef {{x: number, y: number, w: number, h: number}} Box */

/** So many peers a side are drawn, the busiest, and so many processes; the table has all. */
const DRAWN = 8;

/** @param {Json} query @param {AbortSignal} signal */
export async function load(query, signal) {
  const topology = await get(`pods/${path(query.pod || '')}/topology`, {}, signal);
  const chosen = topology.lines.find((/** @type {Json} */ l) => l.id === query.line);
  const [line, far] = chosen
    ? await Promise.all([get(`pods/${path(query.pod)}/lines/${encodeURIComponent(query.line)}`, {}, signal), otherEnd(topology, chosen, signal)])
    : [null, null];
  return { topology, line, far, query };
}

/** @param {string} pod namespace/name */
const path = (pod) => pod.split('/').map(encodeURIComponent).join('/');

/**
 * The same connections as the pod at the other end has them, where its node is watched.
 * @param {Json} topology @param {Json} line @param {AbortSignal} signal
 */
async function otherEnd(topology, line, signal) {
  const peer = topology.peers.find((/** @type {Json} */ p) => p.id === line.client || p.id === line.server);
  if (!peer?.pod.includes('/')) {
    return null;
  }
  const isServer = peer.id === line.server;
  /** @type {string[]} */
  const own = topology.pod.addresses;
  try {
    const there = await get(`pods/${path(peer.pod)}/topology`, {}, signal);
    const same = there.lines.find((/** @type {Json} */ l) => (isServer
      ? own.includes(l.client) && l.serverPorts.some((/** @type {number} */ p) => line.serverPorts.includes(p))
      : own.some((a) => l.server.startsWith(`${a}_`)) && l.serverPorts.some((/** @type {number} */ p) => line.serverPorts.includes(p))));
    const whole = same ? await get(`pods/${path(peer.pod)}/lines/${encodeURIComponent(same.id)}`, {}, signal) : null;
    return whole && { pod: peer.pod, line: whole };
  } catch (e) {
    if (signal.aborted) {
      throw e;
    }
    return null; // gone meanwhile: this end alone is shown
  }
}

/** @param {Json} data */
export function render({ topology, line, far, query }) {
  const name = `${topology.pod.namespace}/${topology.pod.name}`;
  return [
    h('div.title', null, h('h1', null, 'Pod ', h('span.mono', null, name)),
      h('nav.choice', { 'aria-label': 'This pod' }, h('a', { href: link('profiling', { pod: name }) }, 'Profile it'), h('a', { href: link('topology') }, 'All services'))),
    h('p.figures', null, h('span', null, 'workload ', h('b', null, topology.pod.workload || 'unknown')), h('span', null, 'node ', h('b', null, topology.pod.node)),
      h('span.mono', null, topology.pod.addresses.join(', '))),
    ...(topology.lines.length
      ? [h('p.lead', null, 'Inside: its processes. ', isNarrow() ? 'Above' : 'Left', ': who calls it. ', isNarrow() ? 'Below' : 'Right', ': whom it calls. Lines are as wide as they carry bytes; open one for what its sockets say.'),
        drawing(topology, query, name), leftOut(topology), line ? detail(topology, line, far) : null, inFlight(topology.inFlight, names(topology)), table(topology, name, query),
        requests(topology, names(topology), name)]
      : [empty('No connection yet', h('p', null, 'This pod’s sockets have carried nothing since Hoptoll watches its node.'))]),
  ].filter(Boolean);
}

/** @param {Json} topology */
function leftOut(topology) {
  const n = connected(topology).length - drawn(topology).length;
  return n > 0 ? h('p.dim.small', { 'data-key': 'left-out' }, `Not drawn: ${count(n)} processes with connections that have ended, or are too many. The table has their lines.`) : null;
}

/** @param {Json} topology */
function names(topology) {
  /** @type {Map<string, string>} */
  const all = new Map([['{other}', 'others']]);
  topology.processes.forEach((/** @type {Json} */ p) => all.set(p.id, `${program(p)} ${p.pid}`));
  topology.peers.forEach((/** @type {Json} */ p) => all.set(p.id, peerName(p)));
  return all;
}

/** @param {Json} p */
const program = (p) => (p.ended && p.name === '(ended)' ? 'ended' : p.executable || p.name || 'process');

/** @param {Json} p */
function peerName(p) {
  const who = p.pod.replace(/^default\//, '') || p.address;
  return p.port ? `${who}:${p.port}` : who;
}

/** @param {Json} l */
const carried = (l) => [l.clientSide, l.serverSide].reduce((most, s) => Math.max(most, s ? s.bytesIn + s.bytesOut : 0), 0);

/** Callers stand above the pod then, and whom it calls below. */
const isNarrow = () => document.documentElement.clientWidth < 760;

/** @param {Json} topology @param {Json} query @param {string} pod */
function drawing(topology, query, pod) {
  const inside = new Set(topology.processes.map((/** @type {Json} */ p) => p.id));
  const lines = topology.lines.filter((/** @type {Json} */ l) => inside.has(l.client) || inside.has(l.server));
  const callers = unique(lines.filter((/** @type {Json} */ l) => !inside.has(l.client)).map((/** @type {Json} */ l) => l.client));
  const called = unique(lines.filter((/** @type {Json} */ l) => !inside.has(l.server)).map((/** @type {Json} */ l) => l.server));
  const used = drawn(topology).sort((/** @type {Json} */ a, /** @type {Json} */ b) => Number(b.sidecar) - Number(a.sidecar));
  const upright = isNarrow();
  const plan = upright ? placeUpright(callers, called, used) : placeWide(callers, called, used);
  const most = Math.max(...lines.map(carried), 1);
  const known = names(topology);
  const parts = lines.filter((/** @type {Json} */ l) => plan.at.has(key(l.client, 'c', inside)) && plan.at.has(key(l.server, 's', inside)));
  return h('div.scroll', { 'data-key': 'hexagon' }, h('svg.graph.hexagon', { viewBox: `0 0 ${plan.w} ${plan.h}`, width: plan.w, height: plan.h, role: 'group', 'aria-label': `Pod ${pod}: processes and peers` },
    h('path.hex', { d: plan.hex }),
    plan.top ? h('text.dim', { x: plan.w / 2, y: plan.top, 'text-anchor': 'middle' }, topology.pod.name) : null,
    parts.map((/** @type {Json} */ l) => line(l, {
      a: /** @type {Box} */ (plan.at.get(key(l.client, 'c', inside))), b: /** @type {Box} */ (plan.at.get(key(l.server, 's', inside))),
      upright, width: 1.5 + (4.5 * carried(l)) / most, pod, chosen: l.id === query.line, known, within: inside.has(l.client) && inside.has(l.server),
    })),
    used.map((/** @type {Json} */ p) => box(/** @type {Box} */ (plan.at.get(p.id)), program(p), `${p.sidecar ? 'sidecar' : 'app'}, pid ${p.pid}${p.ended ? ', ended' : ''}`, p.sidecar ? 'sidecar' : 'app')),
    [...callers.slice(0, DRAWN).map((id) => ['c', id]), ...called.slice(0, DRAWN).map((id) => ['s', id])].map(([side, id]) =>
      box(/** @type {Box} */ (plan.at.get(side + id)), known.get(id) || id, topology.peers.find((/** @type {Json} */ p) => p.id === id)?.address || '', 'peer'))));
}

/** @param {Json} topology */
const connected = (topology) => topology.processes.filter((/** @type {Json} */ p) =>
  topology.lines.some((/** @type {Json} */ l) => l.client === p.id || l.server === p.id));

/**
 * Those that run; of a pod that is gone, some that did.
 * @param {Json} topology
 * @returns {Json[]}
 */
function drawn(topology) {
  const all = connected(topology);
  const running = all.filter((/** @type {Json} */ p) => !p.ended);
  return (running.length ? running : all).slice(0, DRAWN);
}

/** @param {string[]} all */
const unique = (all) => [...new Set(all)];

/**
 * A peer may stand on both sides.
 * @param {string} id
 * @param {string} side
 * @param {Set<string>} inside
 */
const key = (id, side, inside) => (inside.has(id) ? id : side + id);

/** @param {string[]} callers @param {string[]} called @param {Json[]} used */
function placeWide(callers, called, used) {
  const left = callers.slice(0, DRAWN);
  const right = called.slice(0, DRAWN);
  const rows = Math.max(left.length, right.length, used.length + 1, 3);
  const w = 1160;
  const height = rows * 76 + 20;
  const at = new Map();
  const column = (/** @type {string[]} */ ids, /** @type {number} */ x, /** @type {number} */ width) =>
    ids.forEach((id, i) => at.set(id, { x, y: ((i + 0.5) * height) / ids.length - 23, w: width, h: 46 }));
  column(left.map((id) => `c${id}`), 4, 230);
  column(right.map((id) => `s${id}`), w - 234, 230);
  used.forEach((p, i) => at.set(p.id, { x: w / 2 - 85, y: 34 + ((i + 0.5) * (height - 44)) / used.length - 24, w: 170, h: 48 }));
  const x0 = w / 2 - 240;
  const x1 = w / 2 + 240;
  return { w, h: height, at, top: 24, hex: `M${x0} ${height / 2}L${x0 + 110} 6H${x1 - 110}L${x1} ${height / 2}L${x1 - 110} ${height - 6}H${x0 + 110}Z` };
}

/** @param {string[]} callers @param {string[]} called @param {Json[]} used */
function placeUpright(callers, called, used) {
  const w = Math.max(320, Math.min(560, document.documentElement.clientWidth - 34));
  const left = callers.slice(0, DRAWN);
  const right = called.slice(0, DRAWN);
  const at = new Map();
  const row = (/** @type {string[]} */ ids, /** @type {number} */ y) => {
    const per = Math.max(1, Math.min(2, ids.length));
    ids.forEach((id, i) => at.set(id, { x: ((i % per) * w) / per + 3, y: y + Math.floor(i / per) * 50, w: w / per - 6, h: 42 }));
    return Math.ceil(ids.length / per) * 50;
  };
  const above = row(left.map((id) => `c${id}`), 2) + 46;
  const beside = Math.min(2, used.length);
  const tall = Math.ceil(used.length / 2) * 92 + 54;
  const wide = Math.min(144, w / 2 - 46);
  used.forEach((p, i) => at.set(p.id, { x: beside === 1 ? w / 2 - wide / 2 : i % 2 ? w / 2 + 22 : w / 2 - 22 - wide, y: above + 50 + Math.floor(i / 2) * 92, w: wide, h: 46 }));
  const below = above + tall + 46;
  const end = below + row(right.map((id) => `s${id}`), below);
  return { w, h: end + 4, at, top: 0, hex: `M2 ${above + tall / 2}L${w * 0.16} ${above}H${w * 0.84}L${w - 2} ${above + tall / 2}L${w * 0.84} ${above + tall}H${w * 0.16}Z` };
}

/** @param {Box} b @param {string} name @param {string} words @param {string} kind */
function box(b, name, words, kind) {
  const fits = Math.floor(b.w / 7.4);
  return h(`g.node.k-${kind}`, { 'data-tip': `${name}\n${words}` },
    h('rect', { x: b.x, y: b.y, width: b.w, height: b.h, rx: kind === 'peer' ? 8 : 20 }),
    h('text.name', { x: b.x + b.w / 2, y: b.y + 19, 'text-anchor': 'middle' }, name.length > fits ? `${name.slice(0, fits - 1)}…` : name),
    h('text.dim', { x: b.x + b.w / 2, y: b.y + 36, 'text-anchor': 'middle' }, words));
}

/** @param {Json} l @param {Json} how */
function line(l, { a, b, upright, width, pod, chosen, known, within }) {
  const side = l.clientSide || l.serverSide;
  const lost = [l.clientSide, l.serverSide].reduce((n, s) => n + (s ? s.retransmits + s.drops + s.resets + s.failedConnects : 0), 0);
  const words = `${known.get(l.client)} → ${known.get(l.server)}\n${l.protocol}, ${side ? `${count(side.exchanges)} exchanges` : 'no traffic yet'}${lost ? `, ${count(lost)} lost or failed` : ''}`;
  const go = link('pod', { pod, line: l.id });
  const open = () => { location.hash = go; };
  const { d, x, y } = within ? inner(a, b) : outer(a, b, upright);
  return h('g.edge', {
    class: chosen ? 'chosen' : null, tabindex: '0', role: 'link', 'aria-label': words.replace('\n', ': '), onclick: open, 'data-key': l.id, 'data-tip': words,
    onkeydown: (/** @type {KeyboardEvent} */ k) => k.key === 'Enter' && open(),
  },
    h('path.hit', { d }), h(`path.wire${lost ? '.lossy' : ''}`, { d, 'stroke-width': width }),
    h('text', { x, y, 'text-anchor': 'middle' }, `${l.protocol}${lost ? ` ✕${count(lost)}` : ''}`));
}

/** @param {Box} a @param {Box} b @param {boolean} upright */
function outer(a, b, upright) {
  if (upright) {
    const from = { x: a.x + a.w / 2, y: a.y + a.h };
    const to = { x: b.x + b.w / 2, y: b.y };
    const middle = (from.y + to.y) / 2;
    return { d: `M${from.x} ${from.y}C${from.x} ${middle} ${to.x} ${middle} ${to.x} ${to.y}`, x: (from.x + to.x) / 2, y: middle };
  }
  const from = { x: a.x + a.w, y: a.y + a.h / 2 };
  const to = { x: b.x, y: b.y + b.h / 2 };
  const middle = (from.x + to.x) / 2;
  return { d: `M${from.x} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`, x: middle, y: (from.y + to.y) / 2 - 7 };
}

/**
 * Between processes: down on the right, up on the left; in one row there above, back below.
 * @param {Box} a
 * @param {Box} b
 */
function inner(a, b) {
  if (b.y === a.y && b.x !== a.x) {
    const there = b.x > a.x;
    const [x0, x1] = there ? [a.x + a.w * 0.75, b.x + b.w * 0.25] : [a.x + a.w * 0.25, b.x + b.w * 0.75];
    const y = there ? a.y : a.y + a.h;
    const bend = y + (there ? -30 : 30);
    return { d: `M${x0} ${y}C${x0} ${bend} ${x1} ${bend} ${x1} ${y}`, x: (x0 + x1) / 2, y: bend + (there ? 2 : 4) };
  }
  const right = b.y > a.y || (b.y === a.y && b.x > a.x);
  const [xa, xb] = [a, b].map((end) => end.x + end.w * (right ? 0.72 : 0.28));
  const [y0, y1] = b.y > a.y ? [a.y + a.h, b.y] : [a.y, b.y + b.h];
  const bulge = (right ? 1 : -1) * (12 + Math.abs(y1 - y0) * 0.25);
  return b.y === a.y
    ? { d: `M${xa} ${a.y}C${xa} ${a.y - 26} ${xa - 40} ${a.y - 26} ${xa - 40} ${a.y}`, x: xa - 20, y: a.y - 22 }
    : { d: `M${xa} ${y0}C${xa + bulge} ${(2 * y0 + y1) / 3} ${xb + bulge} ${(y0 + 2 * y1) / 3} ${xb} ${y1}`, x: (xa + xb) / 2 + bulge + (right ? 18 : -18), y: (y0 + y1) / 2 + 4 };
}

const COUNTS = [['exchange', 'exchanges'], ['write', 'write calls'], ['read', 'read calls'], ['connect', 'connects'], ['connect_failed', 'failed connects'],
  ['close', 'closes'], ['close_reset', 'of these by a reset'], ['retransmit', 'segments sent again'], ['drop', 'packets dropped']];
const TIMES = [['write', 'Write'], ['read', 'Read'], ['write_rtt', 'RTT'], ['connect', 'Connect'], ['close', 'Close']];

const SMOOTHED = 'The kernel’s smoothed RTT at each write: a peer that acknowledges only with its answer has its own time in it. Min RTT is the way alone.';

/** @param {Json} topology @param {Json} l @param {Json | null} far */
function detail(topology, l, far) {
  const known = names(topology);
  const own = topology.pod.name;
  /** @type {[string, Json][]} */
  const ends = [];
  for (const [side, other] of [['client', 'server'], ['server', 'client']]) {
    if (Object.keys(l.metrics).some((k) => k.startsWith(`hoptoll_process_${side}_`))) {
      ends.push([`${side}: ${known.get(l[side])} in ${own}`, of(l.metrics, side)]);
    } else if (far && Object.keys(far.line.metrics).some((k) => k.startsWith(`hoptoll_process_${side}_`))) {
      ends.push([`${side}: in ${far.pod}`, of(far.line.metrics, side)]);
    } else {
      ends.push([`${side}: ${known.get(l[side]) || other} (its node is not watched)`, {}]);
    }
  }
  return section(`${known.get(l.client)} → ${known.get(l.server)}`,
    h('p.figures', null, h('span', null, 'protocol ', h('b', null, l.protocol)), h('span', null, 'server ports ', h('b', null, l.serverPorts.join(', ') || '–')),
      l.serverNames.length ? h('span', null, 'asked for by TLS ', h('b', null, l.serverNames.join(', '))) : null,
      h('span.dim', null, 'since the line was first seen')),
    l.http ? h('div', { 'data-key': 'http' }, h('h3', null, 'Requests, by status and route'), statuses(l.http), routes(l.http.routes)) : null,
    h('div.ends', null, ends.map(([title, m]) => h('div', { 'data-key': title }, h('h3', null, title), Object.keys(m).length ? side(m) : h('p.dim', null, 'No socket of this end is seen from here.')))));
}

/** @param {Json} metrics @param {string} side */
const of = (metrics, side) => Object.fromEntries(Object.entries(metrics)
  .filter(([k]) => k.startsWith(`hoptoll_process_${side}_`)).map(([k, v]) => [k.slice(`hoptoll_process_${side}_`.length), v]));

/** @param {Json} m */
function side(m) {
  return h('div', null,
    h('dl.counters.one', null, COUNTS.map(([k, name]) => row(name, count(m[`${k}_count`] ?? 0), !m[`${k}_count`], /failed|reset|retransmit|drop/.test(k))),
      row('bytes written', bytes(m.write_bytes ?? 0), !m.write_bytes), row('bytes read', bytes(m.read_bytes ?? 0), !m.read_bytes),
      row('min RTT', duration((m.min_rtt_micros ?? 0) * 1000), !m.min_rtt_micros), row('smoothed RTT', duration((m.smoothed_rtt_micros ?? 0) * 1000), !m.smoothed_rtt_micros),
      row('busy sending', duration(m.busy_nanos ?? 0), !m.busy_nanos), row('peer\'s window shut', duration(m.receive_window_limited_nanos ?? 0), !m.receive_window_limited_nanos, true),
      row('send buffer full', duration(m.send_buffer_limited_nanos ?? 0), !m.send_buffer_limited_nanos), row('congestion window', `${count(m.congestion_window_segments ?? 0)} segments`, !m.congestion_window_segments),
      row('send window', bytes(m.send_window_bytes ?? 0), !m.send_window_bytes), row('receive window', bytes(m.receive_window_bytes ?? 0), !m.receive_window_bytes),
      row('delivery rate', `${bytes(m.delivery_rate_bytes_per_second ?? 0)}/s`, !m.delivery_rate_bytes_per_second)),
    TIMES.map(([k, name]) => h('div.histogram', { 'data-key': k },
      h('h4', { 'data-tip': k === 'write_rtt' ? SMOOTHED : null }, name, h('small.dim', null, m[`${k}_nanos_histogram`]?.count ? ` mean ${duration(m[`${k}_nanos`] / m[`${k}_nanos_histogram`].count)}` : ' none')),
      histogram(m[`${k}_nanos_histogram`] || { count: 0, buckets: [] }, name))));
}

/** @param {string} name @param {string} value @param {boolean} zero @param {boolean} [bad] */
const row = (name, value, zero, bad) => h('div', { class: zero ? 'zero' : null }, h('dt', null, name), h('dd', { class: bad && !zero ? 'bad' : null }, value));

/** @param {Json} topology @param {string} pod @param {Json} query */
function table(topology, pod, query) {
  const known = names(topology);
  return section('Lines', h('div.scroll', null, h('table', null,
    h('thead', null, h('tr', null, ['Client → server', 'Protocol', 'Ports', 'Exchanges', 'Out', 'In', 'Connects', 'Sent again', 'Dropped', 'Resets'].map((t) => h('th', { scope: 'col' }, t)))),
    h('tbody', null, topology.lines.map((/** @type {Json} */ l) => {
      const s = l.clientSide || l.serverSide || {};
      return h('tr', { 'data-key': l.id, class: l.id === query.line ? 'chosen' : null },
        h('td', null, h('a', { href: link('pod', { pod, line: l.id }) }, `${known.get(l.client)} → ${known.get(l.server)}`)),
        h('td', null, l.protocol), h('td.num', null, l.serverPorts.join(', ')), ...['exchanges', 'bytesOut', 'bytesIn', 'connects', 'retransmits', 'drops', 'resets'].map((k) =>
          h('td.num', null, s[k] === undefined ? '–' : k.startsWith('bytes') ? bytes(s[k]) : count(s[k]))));
    })))));
}
