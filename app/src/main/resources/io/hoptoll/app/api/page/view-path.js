/** One path: the verdict, where the time went, since when, and requests to look at. */
import { h } from './dom.js';
import { get, link } from './api.js';
import { timeline } from './chart.js';
import { ledger, meanRows } from './ledger.js';
import { badge, chip, empty, legend, requestTable, section, shares, windows } from './parts.js';
import { beside, causeName, clock, count, duration, edgeName, legName, percent, signed } from './text.js';

/** @typedef {import('./api.js').Json} Json */

const TAIL = { 0: 'fastest half', 0.5: '50–90 %', 0.9: '90–99 %', 0.99: 'slowest 1 %' };

/** @param {Json} query @param {AbortSignal} signal */
export async function load(query, signal) {
  const range = asked(query);
  const [diagnosis, series] = await Promise.all([
    get('diagnosis', { path: query.path, ...range }, signal),
    get('paths/series', { path: query.path, window: query.window === '15m' ? '15m' : '5m' }, signal)]);
  const requests = await get('requests', { path: query.path, from: diagnosis.from, to: diagnosis.to, order: 'slowest', limit: 8 }, signal);
  const examples = await Promise.all(diagnosis.findings.map((/** @type {Json} */ f) => get(`${f.requests}&limit=3`, {}, signal)));
  return { diagnosis, series, requests: requests.requests, examples: examples.map((e) => e.requests), query };
}

/**
 * The range, and what it stands against.
 * @param {Json} query
 */
function asked(query) {
  const window = query.window || '30s';
  if (query.before) {
    return { before: query.before, after: query.from ? `${query.from}/${query.to}` : lately(window) };
  }
  return { ...(query.from ? { from: query.from, to: query.to } : { window }), compare: query.compare };
}

/**
 * A window up to now as two times.
 * @param {string} window
 */
function lately(window) {
  const seconds = parseInt(window, 10) * (window.endsWith('m') ? 60 : 1);
  const to = Math.floor(Date.now() / 1000);
  return [to - seconds, to].map((s) => new Date(s * 1000).toISOString().replace('.000Z', 'Z')).join('/');
}

/** @param {Json} query */
const against = (query) => ({ compare: query.compare, before: query.before });

/**
 * A pinned range does not change any more.
 * @param {Json} query
 */
export const still = (query) => Boolean(query.from && query.to && Date.parse(query.to) < Date.now() - 10_000);

/** @param {Json} data */
export function render(data) {
  const { diagnosis: d, query } = data;
  const current = query.from ? '' : query.window || '30s';
  return [
    h('div.title', null, h('h1.mono', null, d.path), windows('path', { path: d.path, ...against(query) }, current)),
    comparing(d, query),
    verdict(d, query),
    history(data),
    ...(d.requests ? [findings(d, data.examples), waterfall(d, query), tail(d)] : []),
    section('Slowest requests in this range', data.requests.length
      ? [requestTable(data.requests), h('p', null, h('a', { href: link('requests', { path: d.path, order: 'slowest' }) }, 'All requests of this path'))]
      : empty('None kept', h('p', null, 'No request of this path ended in this range, or they are too old.'))),
  ].filter(Boolean);
}

const AGO = [['', 'when it was well'], ['5m-ago', '5 min ago'], ['1h-ago', '1 h ago'], ['24h-ago', 'a day ago'], ['168h-ago', 'a week ago']];

/**
 * What the range is compared with; any range can be held as the one before.
 * @param {Json} d
 * @param {Json} query
 */
function comparing(d, query) {
  const keep = { path: d.path, window: query.window, from: query.from, to: query.to };
  const chosen = query.before ? null : query.compare || '';
  return h('div.comparing', { 'data-key': 'comparing' }, h('span.dim', null, 'against'),
    h('nav.choice', { 'aria-label': 'Compare with' }, AGO.map(([ago, name]) =>
      h('a', { href: link('path', { ...keep, compare: ago }), 'aria-current': ago === chosen ? 'true' : null }, name)),
    query.before ? h('a', { href: location.hash, 'aria-current': 'true' }, span(query.before)) : null),
    h('a', { href: link('path', { path: d.path, window: query.window || '30s', before: `${d.from}/${d.to}` }), 'data-tip': 'Holds the shown range as “before”: then choose another one.' }, 'Hold this range'));
}

/** @param {string} range from/to */
const span = (range) => range.split('/').map((t) => clock(t)).join('–');

/** @param {Json} d @param {Json} query */
const isGiven = (d, query) => Boolean(query.before || query.compare) && d.against.given;

/** @param {Json} d @param {Json} query */
function verdict(d, query) {
  const t = d.totals;
  const word = isGiven(d, query) ? 'before' : 'well';
  const well = (/** @type {number} */ nanos) => (t.baselineRequests ? h('small.dim', null, ` ${word}: ${duration(nanos)}`) : null);
  return h(`div.verdict.s-${d.status}`, { 'data-key': 'verdict' },
    h('p.headline', null, badge(d.status), ' ', beside(d.headline)),
    h('p.figures', null,
      h('span', null, h('b', null, count(d.requests)), ' requests, ', clock(d.from), '–', clock(d.to)),
      h('span', null, 'p50 ', h('b', null, duration(t.p50Nanos)), well(t.baselineP50Nanos)),
      h('span', null, 'p90 ', h('b', null, duration(t.p90Nanos)), well(t.baselineP90Nanos)),
      h('span', null, 'p99 ', h('b', null, duration(t.p99Nanos)), well(t.baselineP99Nanos)),
      h('span', { 'data-tip': 'coverage: share of the time that one party owns' }, 'confidence ', h('b', null, percent(d.confidence)), `, coverage ${percent(d.coverage)}`)),
    isGiven(d, query) ? h('p', null, 'Compared with ', h('b', null, `${clock(d.against.from)}–${clock(d.against.to)}`), t.baselineRequests ? `, ${count(t.baselineRequests)} requests.` : ': no request is known of that time; choose another.') : null,
    d.doubts.length ? h('ul.doubts', null, d.doubts.map((/** @type {string} */ text) => h('li', null, text))) : null,
    query.from ? null : h('p', null, h('a', { href: link('path', { path: d.path, from: d.from, to: d.to, ...against(query) }) }, 'Link to exactly this range')));
}

/** @param {Json} data */
function history({ diagnosis: d, series, query }) {
  const onRange = (/** @type {string} */ from, /** @type {string} */ to) => {
    location.hash = link('path', { path: d.path, from, to, ...against(query) });
  };
  const width = Math.min(1200, Math.max(340, document.documentElement.clientWidth - 40));
  return section('Mean request by party, and p99',
    timeline(series, { from: d.from, to: d.to, onRange, width }),
    h('p.dim.small', null, 'p99 and mean have scales of their own, and are cut off where they stand far above the rest. The shaded range is the one above: drag to choose another, or move it with the arrow keys (Shift: only its end).'),
    legend());
}

/** @param {Json} d @param {Json[][]} examples */
function findings(d, examples) {
  if (!d.findings.length) {
    return null;
  }
  return section('Why', h('div.cards', null, d.findings.map((/** @type {Json} */ f, /** @type {number} */ i) =>
    h(`article.finding.b-${f.party}`, { 'data-key': f.cause + f.actor },
      h('h3', null, `${i + 1}. ${causeName(f.cause)}`),
      h('p', null, chip(f.party), ' ', h('b', null, f.actor)),
      f.kind === 'FAILURE'
        ? h('p.figures', null, h('span', null, h('b', null, percent(f.affected)), ' of the requests hit'))
        : h('p.figures', null, h('span', null, h('b', null, signed(f.excessNanos)), ` in the slower ${percent(f.affected)}`), f.share > 0 ? h('span', null, `${percent(f.share)} of what was lost`) : h('span', null, 'the others made up for it')),
      h('ul.evidence', null, f.evidence.map((/** @type {string} */ text) => h('li', null, text))),
      h('p.remedy', null, h('b', { 'aria-hidden': 'true' }, '→ '), f.remedy),
      instances(f, examples[i] || [], d), h('code.dim', null, f.cause)))), alsAlone(d));
}

/**
 * Requests to look at.
 * @param {Json} f
 * @param {Json[]} requests
 * @param {Json} d
 */
const instances = (f, requests, d) => (requests.length
  ? h('p.small', null, 'For example ', requests.map((r, i) => [i ? ', ' : '', h('a', { href: link('request', { id: r.requestId }) },
    f.kind === 'FAILURE' ? `${r.responseCode || 'no response'} at ${clock(r.start)}` : duration(r.totalNanos))]).flat(), '. ',
  h('a', { href: link('requests', { path: d.path, order: 'slowest', from: d.from, to: d.to, ...(f.kind === 'FAILURE' ? { failure: f.cause } : f.edge) }) }, 'All'))
  : null);

/** @param {Json} d */
function alsAlone(d) {
  const als = d.alsAlone;
  return als && d.status === 'DEGRADED'
    ? h('p.dim', null, 'Access logs alone would say: ', chip(als.party), ` on ${edgeName(als.edge)} (${signed(als.excessNanos)}).`)
    : null;
}

/** @param {Json} d @param {Json} query */
function waterfall(d, query) {
  const given = isGiven(d, query);
  const now = meanRows(d.legs, (leg) => leg.nanos);
  const known = d.totals.baselineRequests > 0;
  const before = meanRows(d.legs, (leg) => leg.nanos - leg.excessNanos);
  const scale = Math.max(now.totalNanos, known ? before.totalNanos : 0);
  return section('Where the time goes',
    h('p.dim.small', null, 'The mean request of the compared part, legs to scale. Of calls in parallel the one that ended last counts; siblings stand in no particular order.'),
    given && known ? h('h3', null, `After: ${clock(d.from)}–${clock(d.to)}, ${duration(now.totalNanos)}`) : null,
    ledger(now.rows, scale, 'Mean request now'),
    given && known ? [h('h3', null, `Before: ${clock(d.against.from)}–${clock(d.against.to)}, ${duration(before.totalNanos)}`), ledger(before.rows, scale, 'Mean request before'), changed(d)]
      : known ? h('details', null, h('summary', null, `The same when it was well (${count(d.totals.baselineRequests)} requests)`), ledger(before.rows, scale, 'Mean request when well')) : null,
    h('details', null, h('summary', null, `All ${d.legs.length} legs as a table`), legTable(d)));
}

/**
 * The legs that changed most, either way.
 * @param {Json} d
 */
function changed(d) {
  const legs = [...d.legs].sort((a, b) => Math.abs(b.excessNanos) - Math.abs(a.excessNanos)).slice(0, 6);
  const most = Math.max(1, ...legs.map((l) => Math.max(l.nanos, l.nanos - l.excessNanos)));
  const bar = (/** @type {Json} */ l, /** @type {number} */ nanos) => h('div.meter', null, h(`span.p-${l.party}`, { style: { width: `${(100 * Math.max(0, nanos)) / most}%` } }));
  return h('div.scroll', null, h('h3', null, 'What changed most'), h('table.legs', null,
    h('thead', null, h('tr', null, ['Hop', 'Leg', 'Before and after', 'Before', 'After', 'Change'].map((t) => h('th', { scope: 'col' }, t)))),
    h('tbody', null, legs.map((l) => h('tr', { 'data-key': edgeName(l.edge) + l.leg }, h('td', null, edgeName(l.edge)), h('td.mono', null, legName(l.leg)),
      h('td.wide', null, bar(l, l.nanos - l.excessNanos), bar(l, l.nanos)), h('td.num', null, duration(Math.max(0, l.nanos - l.excessNanos))),
      h('td.num', null, duration(l.nanos)), h('td.num', null, signed(l.excessNanos)))))));
}

/** @param {Json} d */
const legTable = (d) => h('div.scroll', null, h('table', null,
  h('thead', null, h('tr', null, ['Hop', 'Leg', 'Whose', 'Time', 'Share', 'Grew by'].map((t) => h('th', { scope: 'col' }, t)))),
  h('tbody', null, d.legs.map((/** @type {Json} */ l) => h('tr', null,
    h('td', null, edgeName(l.edge)), h('td.mono', null, legName(l.leg)), h('td', null, chip(l.party)),
    h('td.num', null, duration(l.nanos)), h('td.num', null, percent(l.share)), h('td.num', null, signed(l.excessNanos)))))));

/** @param {Json} d */
function tail(d) {
  const slowest = Math.max(1, ...d.tail.map((/** @type {Json} */ t) => t.meanNanos));
  return section('What the slow ones are made of',
    h('div.tail', null, d.tail.filter((/** @type {Json} */ t) => t.requests > 0).map((/** @type {Json} */ t) => h('div', { 'data-key': String(t.fromRank) },
      h('span', null, /** @type {any} */ (TAIL)[t.fromRank] || `${t.fromRank}`), shares(t.parties, slowest),
      h('b', null, duration(t.meanNanos)), h('small.dim', null, `${count(t.requests)} requests`)))));
}
