/** Every path, the one that loses most time first. */
import { h } from './dom.js';
import { get, link } from './api.js';
import { sparkline } from './chart.js';
import { badge, empty, legend, section, shares, why, windows } from './parts.js';
import { clock, count, duration, percent, rate } from './text.js';

/** @typedef {import('./api.js').Json} Json */

const SPARKLINES = 12;

/** @param {Json} query @param {AbortSignal} signal */
export async function load(query, signal) {
  const window = query.window || '1m';
  const [paths, verdicts, health, alerts] = await Promise.all([
    get('paths', { window }, signal), get('verdicts', {}, signal), get('/healthz', {}, signal), get('alerts', {}, signal)]);
  const series = await Promise.all(paths.paths.slice(0, SPARKLINES).map((/** @type {Json} */ p) =>
    get('paths/series', { path: p.path, window: '5m' }, signal)));
  return { paths, verdicts, health, alerts, series, window };
}

/** @param {Json} data */
export function render(data) {
  const missing = data.health.missing;
  return [
    h('div.title', null, h('h1', null, 'Paths'), windows('paths', {}, data.window)),
    missing.length ? h('div.notice', null, h('strong', null, 'Less can be told apart here: '), missing.join('; ')) : null,
    data.alerts.firing.length ? firing(data.alerts) : null,
    data.paths.paths.length ? table(data) : nothing(),
    data.verdicts.changes.length ? changes(data.verdicts.changes) : null,
  ].filter(Boolean);
}

/** @param {Json} alerts */
function firing(alerts) {
  return h('section.alerts', { 'data-key': 'alerts' }, h('h2', null, `▲ ${count(alerts.firing.length)} ${alerts.firing.length === 1 ? 'alert' : 'alerts'}`),
    h('ul.changes', null, alerts.firing.map((/** @type {Json} */ a) => h('li', { 'data-key': a.split + a.path },
      h('time', { datetime: a.at }, `since ${clock(a.at)}`),
      h('span', null, `${a.split} took `, h('b', null, percent(a.share)), ' of the slowest hundredth of ', h('a', { href: a.link.slice(a.link.indexOf('#')) }, a.path), ` (threshold ${percent(a.threshold)})`)))),
    h('p.small.dim', null, alerts.webhook ? 'Sent to the webhook, too.' : 'Set alerts.webhook to have them sent.'));
}

/** @param {Json} data */
function table(data) {
  return h('div', { 'data-key': 'paths' },
    h('p.lead', null, 'Ranked by the time that requests lose to whoever grew. Open a path to see where, and why.'),
    legend(),
    h('ol.paths', null, data.paths.paths.map((/** @type {Json} */ p, /** @type {number} */ i) => card(p, data.series[i], data.window))));
}

/** @param {Json} p @param {Json | undefined} series @param {string} window */
function card(p, series, window) {
  const now = p.window;
  const values = series ? series.points.map((/** @type {Json} */ s) => (s.requests ? s.p99Nanos : null)) : [];
  const lost = p.verdict ? p.verdict.lostNanosPerSecond : 0;
  return h('li.card', { 'data-key': p.path },
    h('div.name', null,
      h('a', { href: link('path', { path: p.path, window: window === '1m' ? '30s' : window }) }, p.path),
      p.verdict ? badge(p.verdict.status) : null),
    h('div.reason', null, p.verdict ? why(p.verdict) : h('span.dim', null, now ? 'not judged yet' : 'no requests in this range')),
    figure('rate', now ? rate(now.ratePerSecond) : '–'),
    figure('p50', now ? duration(now.p50Nanos) : '–'),
    figure('p99', now ? duration(now.p99Nanos) : '–'),
    figure('errors', now ? (now.errors ? percent(now.errors / now.requests) : '0') : '–'),
    figure('lost', lost ? `${duration(lost)} a second` : '–', 'time lost to the largest finding, by all requests of one second'),
    h('div.trend', { 'data-tip': 'p99 of the last 5 minutes' }, sparkline(values, `p99 of ${p.path}, last 5 minutes`)),
    h('div.whose', null, now ? shares(now.parties) : null),
    h('small.dim.seen', null, `${count(p.requests)} requests seen`));
}

/** @param {string} name @param {string} value @param {string} [tip] */
const figure = (name, value, tip) => h(`div.figure.f-${name}`, { 'data-tip': tip }, h('small', null, name), h('b', null, value));

/** @param {Json[]} all */
function changes(all) {
  return section('What changed', h('ol.changes', null, [...all].reverse().slice(0, 12).map((c) =>
    h('li', { 'data-key': String(c.id) },
      h('time', { datetime: c.at }, clock(c.at)), badge(c.status),
      h('a', { href: link('path', { path: c.path, to: second(c.at, 6), from: second(c.at, -12) }) }, c.path), why(c)))));
}

/** @param {string} at @param {number} plus */
const second = (at, plus) => new Date(Math.floor(Date.parse(at) / 1000 + plus) * 1000).toISOString().replace('.000Z', 'Z');

const nothing = () => empty('No requests yet',
  h('p', null, 'Hoptoll listens, and no sidecar has told it of a finished request. A request shows up about 4 s after it ended.'),
  h('ul', null,
    h('li', null, 'Just looking? ', h('code', null, './hoptoll demo --keep'), ' starts a mesh on this machine and sends requests.'),
    h('li', null, 'With Istio: add the ', h('code', null, 'envoyHttpAls'), ' provider and a Telemetry (istio-samples/istio/) and check that the sidecars reach this server’s ALS port.'),
    h('li', null, 'Who has connected already, and what is missing: ', h('a', { href: link('health') }, 'Health'), '.')));
