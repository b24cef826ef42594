/** Profiling tasks: start one on a pod, see them, stop them, look at the requests they kept. */
import { h } from './dom.js';
import { get, link, send } from './api.js';
import { headCalls } from './heads.js';
import { breakable, chip, counters, empty, section } from './parts.js';
import { clock, count, duration, edgeName, legMeaning, legName, percent } from './text.js';

/** @typedef {import('./api.js').Json} Json */

const STATES = /** @type {Record<string, string>} */ ({ WAITING: '◌ waits for its threshold', RUNNING: '● running', SETTLING: '● joins its last requests', DONE: '✓ done' });

/** What the last click was refused with; gone with the next that is not. */
let refused = '';

/** @param {Json} query @param {AbortSignal} signal */
export async function load(query, signal) {
  const [tasks, pods, task] = await Promise.all([
    get('profiling-tasks', {}, signal), get('pods', {}, signal),
    query.task ? get(`profiling-tasks/${encodeURIComponent(query.task)}`, { limit: 20 }, signal) : null]);
  return { tasks, pods: pods.pods, task, query };
}

/** @param {Json} data */
export function render(data) {
  return [
    h('div.title', null, h('h1', null, 'Profiling')),
    h('p.lead', null, 'A task watches one pod for a time and keeps every request that matches, with its whole ledger. Nothing is restarted.'),
    refused ? h('p.notice', { role: 'alert' }, h('b', null, '✕ '), refused) : null,
    starter(data),
    data.task ? detail(data.task) : null,
    list(data),
  ].filter(Boolean);
}

/** @param {Json} data */
function starter({ pods, query }) {
  if (!pods.length) {
    return empty('No pod is seen', h('p', null, 'Tasks need sockets: run ', h('code', null, 'hoptoll server'), ' as root, or an agent on the pods’ nodes. ', h('a', { href: link('health') }, 'Health'), ' says what is missing.'));
  }
  const names = pods.map((/** @type {Json} */ p) => `${p.namespace}/${p.name}`).sort();
  return section('Start one', h('form.filters', { onsubmit: start, 'data-key': 'new-task' },
    field('Pod', h('select', { name: 'pod' }, names.map((/** @type {string} */ p) => h('option', { value: p, selected: query.pod === p }, p)))),
    field('Path', h('input', { name: 'path', placeholder: '/reviews/*', size: '16' })),
    field('At least', h('select', { name: 'minDuration' }, [['', 'any duration'], ...['10ms', '50ms', '100ms', '250ms', '1s'].map((d) => [d, d])].map(([v, t]) => h('option', { value: v }, t)))),
    field('Status', h('select', { name: 'status' }, [['', 'any'], ['5xx', '5xx'], ['4xx', '4xx'], ['2xx', '2xx'], ['none', 'no response']].map(([v, t]) => h('option', { value: v }, t)))),
    field('For', h('select', { name: 'duration' }, ['1m', '5m', '10m'].map((d) => h('option', { value: d }, d)))),
    h('label.check', { 'data-tip': 'Also method, path and status of HTTP/1, HTTP/2 and gRPC on the pod’s own sockets in clear, as its app has them, while the task runs.' }, h('input', { type: 'checkbox', name: 'heads' }), ' its own sockets, too'),
    h('label.check', { 'data-tip': 'Also method, path and status of the HTTP/1 inside the pod’s TLS (OpenSSL): read by uprobes, while the task runs.' }, h('input', { type: 'checkbox', name: 'tls' }), ' inside TLS, too'),
    h('button', { type: 'submit' }, 'Start')),
  h('p.small.dim', null, 'To start at a threshold (error rate, p99, CPU, sidecar share): ', h('code', null, 'hoptoll profile POD --when-p99 250ms'), '.'));
}

/** @param {string} name @param {Node} input */
const field = (name, input) => h('label', null, h('small', null, name), input);

/** @param {SubmitEvent} e */
async function start(e) {
  e.preventDefault();
  const form = Object.fromEntries(new FormData(/** @type {HTMLFormElement} */ (e.target)).entries());
  /** @type {Json} */
  const rule = {};
  if (form.path) {
    rule.path = form.path;
  }
  if (form.minDuration) {
    rule.minDuration = form.minDuration;
  }
  if (form.status) {
    rule.status = [form.status];
  }
  await act('POST', 'profiling-tasks', { pod: form.pod, duration: form.duration, rules: [rule], heads: form.heads === 'on', tls: form.tls === 'on' }, (task) => link('profiling', { task: task.id }));
}

/** @param {string} method @param {string} resource @param {Json | null} body @param {(answer: Json) => string} next */
async function act(method, resource, body, next) {
  try {
    const answer = await send(method, resource, body);
    refused = '';
    const to = next(answer);
    location.hash === to ? redraw() : (location.hash = to);
  } catch (e) {
    refused = e instanceof Error ? e.message : String(e);
    redraw();
  }
}

const redraw = () => window.dispatchEvent(new HashChangeEvent('hashchange'));

/** @param {Json} data */
function list({ tasks, query }) {
  const lost = Object.entries(tasks.lost).filter(([, n]) => n > 0);
  return section('Tasks', tasks.tasks.length
    ? h('div.scroll', null, h('table', null,
      h('thead', null, h('tr', null, ['Task', 'Pod', 'State', 'Since', 'Calls', 'Matching', 'Kept', ''].map((t) => h('th', { scope: 'col' }, t)))),
      h('tbody', null, tasks.tasks.map((/** @type {Json} */ t) => h('tr', { 'data-key': t.id, class: t.id === query.task ? 'chosen' : null },
        h('td', null, h('a', { href: link('profiling', { task: t.id }) }, t.id)), h('td', null, t.pod), h('td', null, STATES[t.state] || t.state.toLowerCase()),
        h('td.num', null, clock(t.start)), h('td.num', null, count(t.progress.calls)), h('td.num', null, count(t.progress.matching)), h('td.num', null, count(t.progress.kept)),
        h('td', null, controls(t)))))))
    : h('p', null, 'None yet.'),
  lost.length ? h('div', null, h('h3', null, 'Left out'), counters(Object.fromEntries(lost))) : null);
}

/** @param {Json} t */
function controls(t) {
  const open = t.state === 'RUNNING' || t.state === 'WAITING';
  return open
    ? h('button.quiet', { onclick: () => act('POST', `profiling-tasks/${t.id}/stop`, {}, () => location.hash) }, 'Stop')
    : h('button.quiet', { onclick: () => act('DELETE', `profiling-tasks/${t.id}`, null, () => link('profiling')) }, 'Delete');
}

/** @param {Json} t */
function detail(t) {
  const longest = Math.max(1, ...t.legs.map((/** @type {Json} */ l) => l.nanos));
  return section(`Task ${t.id} on ${t.pod}`,
    h('p.figures', null, h('span', null, h('b', null, STATES[t.state] || t.state)),
      t.remainingNanos ? h('span', null, 'for another ', h('b', null, duration(t.remainingNanos))) : null,
      h('span', null, 'keeps ', h('b', null, t.rules.map(rule).join(' or ') || 'all')), t.because ? h('span', null, 'because ', h('b', null, t.because)) : null,
      h('span', null, h('b', null, count(t.totals.requests)), ` matching of ${count(t.progress.calls)} calls`), h('span', null, h('b', null, count(t.totals.errors)), ' errors'),
      h('span', null, 'p50 ', h('b', null, duration(t.totals.p50Nanos))), h('span', null, 'p99 ', h('b', null, duration(t.totals.p99Nanos))),
      h('span', { 'data-tip': 'the slowest stay, the rest is counted' }, h('b', null, count(t.progress.kept)), ` kept, ${count(t.progress.leftOut)} left out`), controls(t)),
    t.legs.length ? h('div', null, h('h3', null, 'Whose the time was'), h('div.scroll', null, h('table.legs', null, h('tbody', null, t.legs.slice(0, 12).map((/** @type {Json} */ l) => h('tr', { 'data-tip': legMeaning(l.leg) },
      h('th.mono', { scope: 'row' }, breakable(legName(l.leg))), h('td', null, chip(l.party)), h('td.wide', null, h('div.meter', null, h(`span.p-${l.party}`, { style: { width: `${(100 * l.nanos) / longest}%` } }))),
      h('td.num', null, percent(l.share)), h('td.num.more', null, `longest ${duration(l.longestNanos)}`))))))) : null,
    t.processes.length ? h('p.figures', null, t.processes.map((/** @type {Json} */ p) => h('span', null, `${p.process} `, h('b', null, `${p.cpu.toFixed(2)} CPUs`), p.throttledShare ? `, throttled ${percent(p.throttledShare)}` : ''))) : null,
    t.requests.length ? kept(t) : h('p', null, t.state === 'RUNNING' ? 'No request has matched yet; one shows up about 4 s after it ended.' : 'No request matched.'),
    headCalls(t));
}

/** @param {Json} r */
const rule = (r) => [r.path || 'any path', r.minDuration === '0ms' ? '' : `≥ ${r.minDuration}`, r.status.join(' or ')].filter(Boolean).join(', ');

/** @param {Json} t */
const kept = (t) => h('div', null, h('h3', null, `The ${count(t.requests.length)} slowest it kept`), h('div.scroll', null, h('table', null,
  h('thead', null, h('tr', null, ['Request', 'Call', 'Side', 'Status', 'Began', 'Time'].map((x) => h('th', { scope: 'col' }, x)))),
  h('tbody', null, t.requests.map((/** @type {Json} */ r) => h('tr', { 'data-key': r.requestId + r.start },
    h('td', null, r.requestId ? h('a', { href: link('request', { id: r.requestId, task: t.id }) }, `${r.method} ${r.path}`) : `${r.method} ${r.path}`),
    h('td', null, edgeName(r.edge)), h('td', null, r.side), h('td.num', null, r.responseCode || 'none'), h('td.num', null, clock(r.start, true)), h('td.num', null, duration(r.totalNanos))))))));
