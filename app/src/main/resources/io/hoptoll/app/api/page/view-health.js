/** What works, what is missing and how to get it, who sends, what is lost, what it costs. */
import { h } from './dom.js';
import { get } from './api.js';
import { counters, empty, section } from './parts.js';
import { bytes, clock, count, duration, percent } from './text.js';

/** @typedef {import('./api.js').Json} Json */

const SILENT_MILLIS = 15_000;

/** @param {Json} query @param {AbortSignal} signal */
export async function load(query, signal) {
  return get('/healthz', {}, signal);
}

/** @param {Json} d */
export function render(d) {
  const { als = {}, agent = {}, agents = {}, correlator = {}, process = {}, ...others } = d.components;
  return [
    h('div.title', null, h('h1', null, 'Health')),
    h(`div.verdict.s-${d.missing.length || losses(agent, correlator).length ? 'DEGRADED' : 'HEALTHY'}`, null,
      h('p.headline', null, headline(d, losses(agent, correlator))),
      h('ul', null, [...d.missing, ...losses(agent, correlator)].map((/** @type {string} */ m) => h('li', null, m))),
      h('p.figures', null,
        h('span', { 'data-tip': 'hops with both sidecars’ entries and all six socket ends, of all hops' }, 'joined completely ', h('b', null, correlator.counts?.requests ? percent(correlator.joinedShare ?? 0) : '–')),
        h('span', null, 'requests ', h('b', null, count(correlator.counts?.requests ?? 0))),
        h('span', null, 'sidecars sending ', h('b', null, count(als.streamsOpen ?? 0))),
        h('span', null, 'sockets ', h('b', null, watched(agent, agents))))),
    senders(als.lastEntryMillis || {}),
    untold(correlator.accessLogs || []),
    lost(correlator, als, agent),
    nodes(agent, agents),
    cost(process, d.components),
    section('Access logs', counters(flat(without(als, 'lastEntryMillis')))),
    section('Socket agent', counters(flat(withoutAll(agent, ['programs', 'hooks', 'tls', 'missing']))), agent.programs ? h('p.small.dim', null, `Programs: ${agent.programs.join(', ')}`) : null),
    tls(agent.tls),
    section('Correlator', counters(flat(without(correlator, 'accessLogs')))),
    ...Object.entries(others).map(([name, part]) => section(name[0].toUpperCase() + name.slice(1), counters(flat(part)))),
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
  const silent = pods.filter((p) => p.untold > 0);
  const told = pods.reduce((sum, p) => sum + p.told, 0);
  if (!pods.length) {
    return null;
  }
  return section('Who sends none', silent.length
    ? [h('p.dim.small', null, 'Requests that a sidecar’s sockets served and that its access log did not tell of, by pod.'),
      h('div.scroll', null, table(['Pod', 'Told', 'Not told', 'Share'], silent.map((p) => h('tr', { 'data-key': p.pod }, h('td', null, p.pod), h('td.num', null, count(p.told)), h('td.num', null, count(p.untold)), h('td.num.bad', null, percent(p.untoldShare))))))]
    : h('p', null, `✓ The access logs told of all ${count(told)} requests that the sockets of ${count(pods.length)} sidecars served.`));
}

/** @param {string[]} names @param {Node[]} rows */
const table = (names, rows) => h('table', null, h('thead', null, h('tr', null, names.map((x) => h('th', { scope: 'col' }, x)))), h('tbody', null, rows));

/** @param {Json} agents @returns {[string, Json][]} by node, this process' own first */
const watchers = (agents) => Object.entries(agents).filter(([, a]) => a !== null && typeof a === 'object').sort(([, a], [, b]) => Number(b.embedded) - Number(a.embedded));

/** @param {Json} own @param {Json} agents */
function watched(own, agents) {
  const far = watchers(agents).filter(([, a]) => a.connected && !a.embedded).length;
  const nodes = far ? `${count(far)} other ${far === 1 ? 'node' : 'nodes'}` : '';
  return own.running ? `seen by ${own.hooks || '…'}${nodes && `, and on ${nodes}`}` : nodes ? `seen on ${nodes}` : 'not seen';
}

/**
 * Who watches sockets: this process, and agents of other nodes.
 * @param {Json} own @param {Json} agents
 */
function nodes(own, agents) {
  const all = watchers(agents);
  const far = all.some(([, a]) => !a.embedded);
  const here = own.running ? `✓ This process watches its own node, by ${own.hooks || '…'}.` : `${far ? '' : '✕ '}This process watches no sockets itself.`;
  const others = agents.listening ? (far ? '' : ' No agent of another node has reported yet.') : ' It listens for no agents of other nodes (agents.listen).';
  return section('Agents', h('p', null, here + others), all.length ? h('div.scroll', null, table(
    ['Node', '', 'Sees by', 'Payload', 'Exchanges', 'Lost', 'Clock', 'Lag', 'Waiting', 'Heard', 'Version'], all.map(watcher))) : null);
}

/** @param {[string, Json]} agent */
function watcher([node, a]) {
  const p = a.probes;
  const state = a.embedded ? (a.connected ? '✓ in this process' : '✕ not running') : (a.connected ? '✓ connected' : '✕ not connected');
  const lost = Object.values(a.shed || {}).reduce((sum, n) => sum + n, p.ringLost);
  const far = (/** @type {string} */ text) => h('td.num', null, a.embedded ? '–' : text);
  return h('tr', { 'data-key': node },
    h('td', null, node), h('td', { class: a.connected ? null : 'bad' }, state),
    h('td', { 'data-tip': p.missing.join('; ') || null }, p.running ? `${p.hooks}${p.missing.length ? ' ▲' : ''}` : '✕ no probes'),
    h('td', { 'data-tip': 'what of the payload its probes may look at (agent.payload)' }, p.payload || '?'),
    h('td.num', null, count(p.exchanges)),
    h('td.num', { class: lost ? 'bad' : null, 'data-tip': `${count(p.ringLost)} for which the kernel’s ring had no room, ${count(lost - p.ringLost)} given up on the way` }, count(lost)),
    h('td.num', null, a.embedded ? 'this server’s' : a.clockBoundNanos ? `${duration(a.clockOffsetNanos)} ± ${duration(a.clockBoundNanos)}` : 'not measured yet'),
    far(duration(a.lagNanos)), far(`${bytes(a.bufferedBytes)} of ${bytes(a.bufferBytes)}`),
    h('td.num', null, clock(new Date(a.heardMillis).toISOString())), h('td', null, a.version));
}

/** The CPU time at the last look, for what it takes now. */
let before = { cpuNanos: 0, uptimeNanos: 0 };

/**
 * What Hoptoll itself takes.
 * @param {Json} p @param {Json} components
 */
function cost(p, components) {
  if (!p.uptimeNanos) {
    return null;
  }
  const restarted = p.uptimeNanos < before.uptimeNanos;
  const since = restarted ? { cpuNanos: 0, uptimeNanos: 0 } : before;
  const now = p.uptimeNanos > since.uptimeNanos ? (p.cpuNanos - since.cpuNanos) / (p.uptimeNanos - since.uptimeNanos) : 0;
  before = { cpuNanos: p.cpuNanos, uptimeNanos: p.uptimeNanos };
  const requests = components.correlator?.counts?.requests || 0;
  const figure = (/** @type {string} */ name, /** @type {string} */ value, /** @type {string} */ tip) => h('span', { 'data-tip': tip }, `${name} `, h('b', null, value));
  return section('Own cost',
    h('p.figures', null,
      figure('CPU now', `${now.toFixed(2)} of ${p.cpus}`, 'CPUs that this process took since the last look'),
      figure('since the start', (p.cpuNanos / p.uptimeNanos).toFixed(2), `the mean of ${duration(p.uptimeNanos)}`),
      requests ? figure('a request', duration(p.cpuNanos / requests), 'CPU time of this process so far, by requests so far: its start is in it') : null,
      figure('heap', `${bytes(p.heapUsedBytes)} of ${bytes(p.heapMaxBytes)}`, 'in use, and at most'),
      figure('threads', count(p.threads), 'of this process'),
      components.store?.open ? figure('on disk', bytes((components.store.bytes || 0) + (components.store.requestBytes || 0)), 'windows and single requests') : null),
    h('p.dim.small', null, 'All of this process. The probes’ own time is on the account of the processes that they watch: about half a microsecond for each end of an exchange, measured in docs/overhead.md.'));
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
    (v !== null && typeof v === 'object' && !Array.isArray(v) ? flat(v, k === 'counts' ? prefix : `${prefix}${k} `) : { [prefix + k]: Array.isArray(v) ? v.join(', ') : v })));
}
