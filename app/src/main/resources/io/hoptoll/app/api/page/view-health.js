/** What works, what is missing and how to get it, who sends, what is lost, what it costs. */
import { h } from './dom.js';
import { get } from './api.js';
import { counters, empty, section } from './parts.js';
import { clock, count, percent } from './text.js';

/** @typedef {import('./api.js').Json} Json */

const SILENT_MILLIS = 15_000;

/** @param {Json} query @param {AbortSignal} signal */
export async function load(query, signal) {
  return get('/healthz', {}, signal);
}

/** @param {Json} d */
export function render(d) {
  const { als = {}, agent = {}, correlator = {}, ...others } = d.components;
  return [
    h('div.title', null, h('h1', null, 'Health')),
    h(`div.verdict.s-${d.missing.length || losses(agent, correlator).length ? 'DEGRADED' : 'HEALTHY'}`, null,
      h('p.headline', null, headline(d, losses(agent, correlator))),
      h('ul', null, [...d.missing, ...losses(agent, correlator)].map((/** @type {string} */ m) => h('li', null, m))),
      h('p.figures', null,
        h('span', { 'data-tip': 'hops with both sidecars’ entries and all six socket ends, of all hops' }, 'joined completely ', h('b', null, percent(correlator.joinedShare ?? 0))),
        h('span', null, 'requests ', h('b', null, count(correlator.counts?.requests ?? 0))),
        h('span', null, 'sidecars sending ', h('b', null, count(als.streamsOpen ?? 0))),
        h('span', null, 'socket agent ', h('b', null, agent.running ? `running by ${agent.hooks || '…'}` : 'not running')))),
    senders(als.lastEntryMillis || {}),
    lost(correlator, als, agent),
    section('Access logs', counters(flat(without(als, 'lastEntryMillis')))),
    section('Socket agent', counters(flat(withoutAll(agent, ['programs', 'hooks', 'tls', 'missing']))), agent.programs ? h('p.small.dim', null, `Programs: ${agent.programs.join(', ')}`) : null),
    tls(agent.tls),
    untold(correlator.accessLogs || []),
    section('Correlator', counters(flat(without(correlator, 'accessLogs')))),
    ...Object.entries(others).map(([name, part]) => section(name, counters(flat(part)))),
  ].filter(Boolean);
}

/** @param {Json} d @param {string[]} lost */
function headline(d, lost) {
  if (d.missing.length) {
    return '▲ Something is missing here, the rest works';
  }
  return lost.length ? '▲ Everything runs, but records were lost since the start' : '✓ Everything runs';
}

/**
 * What was too much for this machine, in words.
 * @param {Json} agent @param {Json} correlator
 */
function losses(agent, correlator) {
  const lost = [];
  if (agent.ringLost) {
    lost.push(`${count(agent.ringLost)} kernel records, beside ${count(agent.exchanges)} exchanges read: the agent had too little CPU, so hops of that time lack sockets`);
  }
  if (correlator.dropped) {
    lost.push(`${count(correlator.dropped)} records before the correlator, whose queue was full`);
  }
  if (correlator.shed) {
    lost.push(`${count(correlator.shed)} access log entries left out under load, by request id: what is counted of that time is a sample`);
  }
  return lost;
}

/**
 * Whose TLS profiling tasks can read.
 * @param {Json | undefined} t
 */
function tls(t) {
  if (!t) {
    return null;
  }
  return section('Inside TLS', h('p.dim.small', null, t.on
    ? `Read for a profiling task that asks for it: ${count(t.calls)} calls so far.`
    : 'Off: a profiling task that asks for it has it read (“inside TLS, too”), in its pod and while it runs.'),
  t.problem ? h('p.bad', null, `✕ ${t.problem}`) : null,
  t.processes.length ? h('div.scroll', null, h('table', null, h('thead', null, h('tr', null, ['Process', '', 'How, or why not'].map((x) => h('th', { scope: 'col' }, x)))),
    h('tbody', null, t.processes.map((/** @type {Json} */ p) => h('tr', { 'data-key': String(p.tgid) },
      h('td', null, `${p.name} ${p.tgid}`), h('td', null, p.covered ? '✓ read' : '✕ not read'), h('td', null, p.how)))))) : null,
  counters(flat(t.failures || {})));
}

/** @param {Json} seen epoch ms by node id */
function senders(seen) {
  const rows = Object.entries(seen).sort(([a], [b]) => (a < b ? -1 : 1));
  return section('Who sends access logs', rows.length
    ? h('ul.senders', null, rows.map(([id, at]) => {
      const [kind, ip, pod] = id.split('~');
      const silent = Date.now() - at > SILENT_MILLIS;
      return h('li', { 'data-key': id, 'data-tip': id }, h('b', null, pod || id), h('small.dim', null, [kind, ip].filter((x) => x && pod).join(' ')),
        h('small', { class: silent ? 'bad' : 'dim' }, silent ? `✕ silent since ${clock(new Date(at).toISOString())}` : `last entry ${clock(new Date(at).toISOString())}`));
    }))
    : empty('Nobody yet', h('p', null, 'No sidecar has opened an access log stream. Check that Envoy’s ALS cluster points to this server’s ALS port (18090 by default), and that nothing blocks it.')));
}

/** @param {Json} correlator @param {Json} als @param {Json} agent */
function lost(correlator, als, agent) {
  const all = { ...flat(als.malformed || {}), ...flat(agent.failures || {}), ...flat(correlator.counts || {}), dropped: correlator.dropped, failures: correlator.failures };
  const good = /^(spans_in|bursts_in|requests_logged|exchanges_in|connections_in|hops_full|requests|attempts_attached)$/;
  const odd = Object.fromEntries(Object.entries(all).filter(([name, n]) => n > 0 && !good.test(name)));
  return section('Lost, dropped or not joined', Object.keys(odd).length ? counters(odd) : h('p', null, '✓ Nothing.'));
}

/**
 * What sidecars' sockets served and their access logs did not tell.
 * @param {Json[]} pods
 */
function untold(pods) {
  return pods.length ? section('Requests without an entry', h('p.dim.small', null, 'Requests that a sidecar’s sockets served and that its access log did not tell of, by pod.'),
    h('div.scroll', null, h('table', null, h('thead', null, h('tr', null, ['Pod', 'Told', 'Not told', 'Share'].map((t) => h('th', { scope: 'col' }, t)))),
      h('tbody', null, pods.map((p) => h('tr', { 'data-key': p.pod }, h('td', null, p.pod), h('td.num', null, count(p.told)), h('td.num', null, count(p.untold)), h('td.num', null, percent(p.untoldShare)))))))) : null;
}

/** @param {Json} part @param {string[]} keys */
const withoutAll = (part, keys) => keys.reduce(without, part);

/** @param {Json} part @param {string} key */
const without = (part, key) => Object.fromEntries(Object.entries(part).filter(([k]) => k !== key));

/** @param {any} part @param {string} [prefix] @returns {Json} */
function flat(part, prefix = '') {
  if (part === null || typeof part !== 'object') {
    return { [prefix || 'value']: part };
  }
  return Object.assign({}, ...Object.entries(part).map(([k, v]) =>
    (v !== null && typeof v === 'object' && !Array.isArray(v) ? flat(v, `${prefix}${k} `) : { [prefix + k]: Array.isArray(v) ? v.join(', ') : v })));
}
