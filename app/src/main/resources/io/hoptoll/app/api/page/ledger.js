/** Legs drawn to scale: of one request, and of the mean request of many. */
import { h } from './dom.js';
import { duration, edgeName, legMeaning, legName, legOrder, partyName, percent, signed } from './text.js';

/** @typedef {import('./api.js').Json} Json */
/**
 * @typedef {{edge: any, depth: number, bars: Bar[], marks?: Mark[], waits?: Wait[], totalNanos: number}} Row
 * @typedef {{leg: string, party: string, startNanos: number, nanos: number, excessNanos?: number}} Bar
 * @typedef {{name: string, nanos: number, source: string}} Mark
 * @typedef {{startNanos: number, nanos: number}} Wait a call that the app made meanwhile
 */

/**
 * One row a hop, all on one axis.
 * @param {Row[]} rows
 * @param {number} totalNanos of the axis
 * @param {string} words
 */
export function ledger(rows, totalNanos, words) {
  return h('div.ledger', { role: 'group', 'aria-label': words },
    axis(totalNanos),
    rows.map((row) => h('div.hop', { 'data-key': row.edge.client + row.edge.server + row.depth },
      h('div.who', { style: { 'padding-left': `${row.depth * 0.9}rem` } },
        h('span', null, edgeName(row.edge)), h('b', null, duration(row.totalNanos))),
      h('div.track', { onkeydown: rove },
        row.bars.map((bar, i) => segment(bar, totalNanos, i === 0)),
        (row.waits || []).map((w) => h('i.waits', { style: extent(w, totalNanos) })),
        (row.marks || []).map((mark) => h(`i.mark.m-${mark.source}`, {
          style: { left: `${(100 * mark.nanos) / totalNanos}%` },
          'data-tip': `${mark.name}\n${duration(mark.nanos)} on this axis\nsource: ${mark.source === 'KERNEL' ? 'kernel (socket)' : 'access log'}`,
        }))))));
}

/** @param {Bar} bar @param {number} total @param {boolean} first */
function segment(bar, total, first) {
  const grew = bar.excessNanos ? `, ${signed(bar.excessNanos)} against the baseline` : '';
  const words = `${legName(bar.leg)}: ${duration(bar.nanos)} (${percent(bar.nanos / total)})${grew}`;
  return h(`span.leg.p-${bar.party}`, {
    tabindex: first ? '0' : '-1',
    role: 'img',
    'aria-label': `${words}, ${partyName(bar.party)}`,
    'data-tip': `${words}\n${partyName(bar.party)}: ${legMeaning(bar.leg)}`,
    style: extent(bar, total),
  });
}

/** @param {{startNanos: number, nanos: number}} part @param {number} total */
const extent = (part, total) => ({ left: `${(100 * part.startNanos) / total}%`, width: `${(100 * part.nanos) / total}%` });

/**
 * One leg a row takes Tab, the arrows go through the others.
 * @param {KeyboardEvent} e
 */
function rove(e) {
  const by = { ArrowLeft: 'previousElementSibling', ArrowRight: 'nextElementSibling' }[e.key];
  const next = by && /** @type {any} */ (e.target)[by];
  if (next && next.classList.contains('leg')) {
    e.preventDefault();
    /** @type {HTMLElement} */ (e.target).tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}

/** @param {number} total */
const axis = (total) =>
  h('div.hop.axis', { 'aria-hidden': 'true' }, h('div.who'),
    h('div.track', null, [0, 0.25, 0.5, 0.75, 1].map((part) =>
      h('span', { style: { left: `${100 * part}%` } }, part ? duration(total * part) : '0'))));

/**
 * A request's hops as rows, each hop's axis shifted to the root's.
 * @param {Json} root
 * @returns {Row[]}
 */
export function requestRows(root) {
  /** @type {Row[]} */
  const rows = [];
  /** @param {Json} hop @param {number} depth @param {number} at */
  const visit = (hop, depth, at) => {
    rows.push({
      edge: hop.edge,
      depth,
      totalNanos: hop.totalNanos,
      bars: hop.legs.map((/** @type {Json} */ l) => ({ ...l, startNanos: l.startNanos + at })),
      marks: hop.marks.map((/** @type {Json} */ m) => ({ name: m.meaning, nanos: m.nanos + at, source: m.source })),
    });
    const children = [...hop.hops].sort((a, b) => (a.offsetNanos ?? 0) - (b.offsetNanos ?? 0));
    rows[rows.length - 1].waits = children
      .filter((child) => child.offsetNanos !== null)
      .map((child) => ({ startNanos: at + child.offsetNanos, nanos: child.totalNanos }));
    children.forEach((child) => visit(child, depth + 1, at + (child.offsetNanos ?? 0)));
  };
  visit(root, 0, 0);
  return rows;
}

/**
 * The mean request's critical path as rows: a hop's legs until its app works, then the app's own
 * work and the hops it waited for, then the way back. Siblings stand in no particular order.
 * @param {Json[]} legs of a diagnosis
 * @param {(leg: Json) => number} nanos which time to draw
 * @returns {{rows: Row[], totalNanos: number}}
 */
export function meanRows(legs, nanos) {
  const hops = byEdge(legs);
  const servers = new Set([...hops.values()].map((hop) => hop.edge.server));
  const roots = [...hops.values()].filter((hop) => !servers.has(hop.edge.client));
  /** @type {Row[]} */
  const rows = [];
  const done = new Set();
  let at = 0;
  /** @param {{edge: Json, legs: Json[]}} hop @param {number} depth */
  const visit = (hop, depth) => {
    done.add(hop);
    const began = at;
    /** @type {Bar[]} */
    const bars = [];
    rows.push({ edge: hop.edge, depth, bars, totalNanos: 0 });
    const row = rows[rows.length - 1];
    const put = (/** @type {Json} */ leg) => {
      const length = Math.max(0, nanos(leg));
      bars.push({ leg: leg.leg, party: leg.party, startNanos: at, nanos: length, excessNanos: leg.excessNanos });
      at += length;
    };
    const back = hop.legs.findIndex((leg) => legOrder(leg.leg) > legOrder('server.app.self'));
    const split = back < 0 ? hop.legs.length : back;
    hop.legs.slice(0, split).forEach(put);
    [...hops.values()]
      .filter((child) => child.edge.client === hop.edge.server && !done.has(child))
      .forEach((child) => visit(child, depth + 1));
    hop.legs.slice(split).forEach(put);
    row.totalNanos = at - began;
  };
  (roots.length ? roots : [...hops.values()].slice(0, 1)).forEach((hop) => visit(hop, 0));
  return { rows, totalNanos: Math.max(1, at) };
}

/** @param {any[]} legs */
function byEdge(legs) {
  /** @type {Map<string, {edge: Json, legs: Json[]}>} */
  const hops = new Map();
  for (const leg of legs) {
    const key = `${leg.edge.client}\n${leg.edge.server}`;
    const hop = hops.get(key) || { edge: leg.edge, legs: /** @type {any[]} */ ([]) };
    hop.legs.push(leg);
    hops.set(key, hop);
  }
  const sorted = [...hops.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  sorted.forEach(([, hop]) => hop.legs.sort((a, b) => legOrder(a.leg) - legOrder(b.leg)));
  return new Map(sorted);
}
