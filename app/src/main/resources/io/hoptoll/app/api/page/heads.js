/** What heads of HTTP say, as sockets or TLS libraries pass them: requests by route, those that hang, calls inside TLS. */
import { h } from './dom.js';
import { link } from './api.js';
import { section } from './parts.js';
import { clock, count, duration } from './text.js';

/** @typedef {import('./api.js').Json} Json */

/** @param {string[]} names */
const head = (names) => h('thead', null, h('tr', null, names.map((t) => h('th', { scope: 'col' }, t))));

/** @param {number} status 0: no answer; below 100: gRPC's */
const statusName = (status) => (status === 0 ? 'no answer' : status < 100 ? `gRPC ${status}` : String(status));

/** @param {number} status */
const isBad = (status) => status < 100 || status >= 500;

/**
 * A line's answers by status.
 * @param {Json} http
 */
export const statuses = (http) => h('p.figures', null, Object.entries(http.statuses).sort(([a], [b]) => Number(a) - Number(b)).map(([status, n]) => {
  const bad = isBad(Number(status));
  return h('span', { 'data-key': status }, `${statusName(Number(status))} `, h('b', { class: bad ? 'bad' : null }, `${count(n)}${bad ? ' ✕' : ''}`));
}));

/**
 * A line's requests by method and path.
 * @param {Json[]} all
 */
export const routes = (all) => h('div.scroll', null, h('table', null, head(['Requests', 'Method and path', 'Errors', 'Mean', 'Longest']),
  h('tbody', null, all.map((r) => h('tr', { 'data-key': `${r.method} ${r.path}` },
    h('td.num', null, count(r.requests)), h('td.mono', null, `${r.method} ${r.path}`), h('td.num', { class: r.errors ? 'bad' : null }, count(r.errors)),
    h('td.num', null, r.maxNanos ? duration(r.meanNanos) : '–'), h('td.num', null, r.maxNanos ? duration(r.maxNanos) : '–'))))));

/**
 * All lines of a pod that show heads, the busiest first; else how to have them.
 * @param {Json} topology
 * @param {Map<string, string>} names of processes and peers
 * @param {string} pod
 */
export function requests(topology, names, pod) {
  const lines = topology.lines.filter((/** @type {Json} */ l) => l.http)
    .sort((/** @type {Json} */ a, /** @type {Json} */ b) => total(b.http) - total(a.http));
  return section('Requests by route', lines.length
    ? lines.map((/** @type {Json} */ l) => h('div.route', { 'data-key': l.id },
      h('h3', null, h('a', { href: link('pod', { pod, line: l.id }) }, `${names.get(l.client)} → ${names.get(l.server)}`)), statuses(l.http), routes(l.http.routes)))
    : h('p.dim.small', null, 'Not looked at. With ', h('code', null, 'agent.payload: heads'), ' the socket probes read what HTTP and gRPC requests in clear ask for, also where no access log is written.'));
}

/** @param {Json} http */
const total = (http) => Object.values(http.statuses).reduce((sum, n) => sum + n, 0);

/** Younger ones are on their way, as most requests are at any time. */
const WAITS_NANOS = 100e6;

/** So many of those that wait are shown: one stop of a sidecar holds up many. */
const WAITING = 12;

/**
 * Requests that wait for their answer, the oldest first.
 * @param {Json[]} all
 * @param {Map<string, string>} names
 */
export function inFlight(all, names) {
  const waiting = all.filter((r) => r.ageNanos >= WAITS_NANOS).sort((a, b) => b.ageNanos - a.ageNanos);
  const words = [waiting.length > WAITING ? `${count(waiting.length)} requests whose answer has not begun after 0.1 s or more, the ${WAITING} oldest` : 'Requests whose answer has not begun after 0.1 s or more',
    all.length > waiting.length ? `; ${count(all.length - waiting.length)} more have just begun.` : '.'];
  return waiting.length ? section('Not answered yet', h('p.dim.small', null, words.join('')),
    h('div.scroll', null, h('table', null, head(['For', 'Process', '', 'Peer', 'Method and path', 'Request id']),
      h('tbody', null, waiting.slice(0, WAITING).map((r) => h('tr', { 'data-key': r.process + r.local + r.remote },
        h('td.num', null, h('b', null, duration(r.ageNanos))), h('td', null, names.get(r.process) || r.process), h('td', null, r.outgoing ? 'asked' : 'was asked by'),
        h('td.mono', null, r.remote), h('td.mono', null, `${r.method} ${r.host}${r.path}`.trim() || '–'), h('td.mono', null, r.requestId || '–'))))))) : null;
}

/**
 * What a task read of heads, in clear and inside TLS.
 * @param {Json} t the task
 */
export const headCalls = (t) => [
  t.heads ? calls(t, 'clear', 'On its sockets in clear', 'None yet. HTTP/2 connections that are older than the task are not read.') : null,
  t.tls ? calls(t, 'tls', 'Inside TLS', 'None yet.') : null,
  t.headsRead ? howFar(t.headsRead) : null];

/**
 * How far the pod's agent reads them.
 * @param {Json} read
 */
const howFar = (read) => h('div', { 'data-key': 'heads-read' },
  read.problem ? h('p.notice', null, h('b', null, '✕ Not read: '), read.problem) : null,
  read.tlsProcesses.length ? h('div.scroll', null, h('table', null, head(['Process', 'Its TLS', 'By which files, or why not']),
    h('tbody', null, read.tlsProcesses.map((/** @type {Json} */ p) => h('tr', { 'data-key': p.process },
      h('td', null, p.process), h('td', { class: p.covered ? null : 'bad' }, p.covered ? '✓ is read' : '✕ is not read'), h('td', null, p.how)))))) : null,
  read.tlsProcessesLeftOut ? h('p.dim.small', null, `and of ${count(read.tlsProcessesLeftOut)} more`) : null);

/**
 * @param {Json} t the task
 * @param {string} kind
 * @param {string} title
 * @param {*} none what to say where there are none
 */
function calls(t, kind, title, none) {
  const p = t.progress;
  const shown = t[`${kind}Calls`];
  return h('div', { 'data-key': kind }, h('h3', null, title),
    h('p.figures', null, h('span', null, h('b', null, count(p[`${kind}Matching`])), ` matching of ${count(p[`${kind}Calls`])} calls read`), h('span', null, h('b', null, count(shown.length)), ' shown'),
      p[`${kind}LeftOut`] ? h('span', null, h('b', null, count(p[`${kind}LeftOut`])), ' left out') : null),
    shown.length ? callTable(shown) : h('p', null, p[`${kind}Calls`] ? 'None of them matched.' : none));
}

/** @param {Json[]} calls */
const callTable = (calls) => h('div.scroll', null, h('table', null, head(['Call', 'Side', 'Status', 'Began', 'Time', 'Process', 'Peer', 'Request id']),
  h('tbody', null, calls.map((c) => h('tr', { 'data-key': c.start + c.path + c.process },
    h('td.mono', null, `${c.method} ${c.host || ''}${c.path}${c.headCut ? '…' : ''}`), h('td', null, c.side),
    h('td.num', { class: isBad(c.responseCode) ? 'bad' : null }, statusName(c.responseCode)), h('td.num', null, clock(c.start, true)), h('td.num', null, duration(c.totalNanos)),
    h('td', null, c.process), h('td.mono', null, c.peer || '–'), h('td.mono', null, c.requestId || '–'))))));
