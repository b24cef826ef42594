/** One request: its ledger to scale, its marks and their sources, and the arithmetic. */
import { h } from './dom.js';
import { get, link } from './api.js';
import { ledger, requestRows } from './ledger.js';
import { breakable, chip, legend, section, shares } from './parts.js';
import { clock, count, duration, edgeName, legMeaning, legName, percent } from './text.js';

/** @typedef {import('./api.js').Json} Json */

/** @param {Json} query @param {AbortSignal} signal */
export async function load(query, signal) {
  const requests = `requests/${encodeURIComponent(query.id || '')}`;
  return get(query.task ? `profiling-tasks/${encodeURIComponent(query.task)}/${requests}` : requests, {}, signal);
}

export const still = () => true;

/** @param {Json} data */
export function render(data) {
  return [
    h('div.title', null, h('h1', null, 'Request ', h('span.mono.id', null, data.requestId))),
    data.requests.length > 1 ? h('p.notice', null, `${data.requests.length} requests carry this id; each is shown.`) : null,
    ...data.requests.map(one),
  ].filter(Boolean);
}

/** @param {Json} root */
function one(root) {
  const rows = requestRows(root);
  return h('article', null,
    h('p.figures', null,
      h('span', null, h('b.mono', null, `${root.method} ${root.authority}${root.path}`)),
      h('span', null, 'status ', h('b', null, root.responseCode || 'none')),
      h('span', null, 'total ', h('b', null, duration(root.totalNanos)), h('small.dim', null, ` ${root.total}`)),
      h('span', null, 'began ', h('b', null, clock(root.start, true)))),
    shares(root.parties), legend(),
    section('Ledger, to scale',
      h('p.dim.small', null, 'Point at a leg or a mark, or use Tab and the arrow keys. Filled marks are from the kernel, hollow ones from the access log; where a bar is striped the app waited for a call of its own.'),
      ledger(rows, root.totalNanos, 'Ledger of this request')),
    section('The arithmetic', hops(root).map(arithmetic)),
    h('p', null, h('a', { href: link('path', { path: root.path.split('?')[0], window: '30s' }) }, `How ${root.path.split('?')[0]} is doing now`)));
}

/** @param {Json} hop @returns {Json[]} */
const hops = (hop) => [hop, ...hop.hops.flatMap(hops)];

/** @param {Json} hop @param {number} i */
function arithmetic(hop, i) {
  const sum = hop.legs.reduce((/** @type {number} */ a, /** @type {Json} */ l) => a + l.nanos, 0);
  const kernel = hop.marks.filter((/** @type {Json} */ m) => m.source === 'KERNEL').length;
  return h('details', { open: i === 0, 'data-key': hop.edge.client + hop.edge.server + hop.offsetNanos },
    h('summary', null, h('b', null, edgeName(hop.edge)), ` ${duration(hop.totalNanos)}, ${kernel} of ${hop.marks.length} marks from the kernel`),
    h('div.scroll', null, h('table.sum', null,
      h('thead', null, h('tr', null, ['Leg', 'Whose', 'From', 'Nanoseconds', 'Share'].map((t) => h('th', { scope: 'col' }, t)))),
      h('tbody', null, hop.legs.map((/** @type {Json} */ l) => h('tr', { 'data-tip': legMeaning(l.leg) },
        h('td.mono', null, breakable(legName(l.leg))), h('td', null, chip(l.party)), h('td.num', null, count(l.startNanos)),
        h('td.num', null, count(l.nanos)), h('td.num', null, percent(l.nanos / Math.max(1, hop.totalNanos)))))),
      h('tfoot', null, h('tr', null,
        h('th', { scope: 'row', colspan: '3' }, `Sum of ${hop.legs.length} legs`, sum === hop.totalNanos ? ' = the total ✓' : ` ≠ total ${count(hop.totalNanos)} ✕`),
        h('td.num', null, count(sum)), h('td.num', null, '100 %'))))),
    called(hop), sockets(hop), merged(hop));
}

/**
 * What an app waited for while it served.
 * @param {Json} hop
 */
function called(hop) {
  const service = hop.legs.find((/** @type {Json} */ l) => l.leg === 'server.app.service');
  return service && hop.hops.length
    ? h('p.small', null, `server.app.service contains ${hop.hops.length} calls: `,
      hop.hops.map((/** @type {Json} */ c) => `${edgeName(c.edge)} (${count(c.totalNanos)} ns)`).join(', '), '.')
    : null;
}

/** @param {Json} hop */
function merged(hop) {
  return hop.mergedMarks.length
    ? h('p.small', null, `Left out because they contradict their neighbours: ${hop.mergedMarks.join(', ')}.`) : null;
}

/** @param {Json} hop */
function sockets(hop) {
  const ends = [['E1', hop.client?.callingApp], ['E2', hop.client?.downstream], ['E3', hop.client?.upstream],
    ['E4', hop.server?.downstream], ['E5', hop.server?.upstream], ['E6', hop.server?.servingApp]];
  return h('div.scroll', null, h('table', null,
    h('thead', null, h('tr', null, ['End', 'Process', 'Socket', 'Turn', 'In', 'Out', 'Sent again', 'Min RTT'].map((t) => h('th', { scope: 'col' }, t)))),
    h('tbody', null, ends.map(([name, e]) => h('tr', null, h('th', { scope: 'row' }, name),
      e ? [h('td', null, e.process), h('td.mono', null, e.socket), h('td.num', null, e.turn), h('td.num', null, `${count(e.bytesIn)} B`),
        h('td.num', null, `${count(e.bytesOut)} B`), h('td.num', null, e.retransmits), h('td.num', null, duration(e.minRttNanos))]
        : h('td.dim', { colspan: '7' }, 'not seen'))))));
}
