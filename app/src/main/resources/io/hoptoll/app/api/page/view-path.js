/** One path: the verdict, where the time went, since when, and requests to look at. */
import { h } from './dom.js';
import { get, link } from './api.js';
import { timeline } from './chart.js';
import { ledger, meanRows } from './ledger.js';
import { badge, chip, empty, legend, requestTable, section, shares, windows } from './parts.js';
import { causeName, clock, count, duration, edgeName, legName, percent, signed } from './text.js';

/** @typedef {import('./api.js').Json} Json */

const TAIL = { 0: 'fastest half', 0.5: '50–90 %', 0.9: '90–99 %', 0.99: 'slowest 1 %' };

/** @param {Json} query @param {AbortSignal} signal */
export async function load(query, signal) {
  const range = query.from ? { from: query.from, to: query.to } : { window: query.window || '30s' };
  const [diagnosis, series] = await Promise.all([
    get('diagnosis', { path: query.path, ...range }, signal),
    get('paths/series', { path: query.path, window: query.window === '15m' ? '15m' : '5m' }, signal)]);
  const requests = await get('requests', { path: query.path, from: diagnosis.from, to: diagnosis.to, order: 'slowest', limit: 8 }, signal);
  return { diagnosis, series, requests: requests.requests, query };
}

/** A pinned range does not change any more. @param {Json} query */
export const still = (query) => Boolean(query.from && query.to && Date.parse(query.to) < Date.now() - 10_000);

/** @param {Json} data */
export function render(data) {
  const { diagnosis: d, query } = data;
  const current = query.from ? '' : query.window || '30s';
  return [
    h('div.title', null, h('h1.mono', null, d.path), windows('path', { path: d.path }, current)),
    verdict(d, query),
    history(data),
    ...(d.requests ? [findings(d), waterfall(d), tail(d)] : []),
    section('Slowest requests in this range', data.requests.length
      ? [requestTable(data.requests), h('p', null, h('a', { href: link('requests', { path: d.path, order: 'slowest' }) }, 'All requests of this path'))]
      : empty('None kept', h('p', null, 'No request of this path ended in this range, or they are too old.'))),
  ].filter(Boolean);
}

/** @param {Json} d @param {Json} query */
function verdict(d, query) {
  const t = d.totals;
  const well = (/** @type {number} */ nanos) => (t.baselineRequests ? h('small.dim', null, ` well: ${duration(nanos)}`) : null);
  return h(`div.verdict.s-${d.status}`, { 'data-key': 'verdict' },
    h('p.headline', null, badge(d.status), ' ', d.headline),
    h('p.figures', null,
      h('span', null, h('b', null, count(d.requests)), ' requests, ', clock(d.from), '–', clock(d.to)),
      h('span', null, 'p50 ', h('b', null, duration(t.p50Nanos)), well(t.baselineP50Nanos)),
      h('span', null, 'p90 ', h('b', null, duration(t.p90Nanos)), well(t.baselineP90Nanos)),
      h('span', null, 'p99 ', h('b', null, duration(t.p99Nanos)), well(t.baselineP99Nanos)),
      h('span', { 'data-tip': 'coverage: share of the time that one party owns' }, 'confidence ', h('b', null, percent(d.confidence)), `, coverage ${percent(d.coverage)}`)),
    d.doubts.length ? h('ul.doubts', null, d.doubts.map((/** @type {string} */ text) => h('li', null, text))) : null,
    query.from ? null : h('p', null, h('a', { href: link('path', { path: d.path, from: d.from, to: d.to }) }, 'Link to exactly this range')));
}

/** @param {Json} data */
function history({ diagnosis: d, series }) {
  const onRange = (/** @type {string} */ from, /** @type {string} */ to) => {
    location.hash = link('path', { path: d.path, from, to });
  };
  const width = Math.min(1200, Math.max(340, document.documentElement.clientWidth - 40));
  return section('Mean request by party, and p99',
    timeline(series, { from: d.from, to: d.to, onRange, width }),
    h('p.dim.small', null, 'The line is p99, cut off where it stands far above the rest. The shaded range is the one above: drag to choose another, or move it with the arrow keys (Shift: only its end).'),
    legend());
}

/** @param {Json} d */
function findings(d) {
  if (!d.findings.length) {
    return null;
  }
  return section('Why', h('div.cards', null, d.findings.map((/** @type {Json} */ f, /** @type {number} */ i) =>
    h(`article.finding.b-${f.party}`, { 'data-key': f.cause + f.actor },
      h('h3', null, `${i + 1}. ${causeName(f.cause)}`),
      h('p', null, chip(f.party), ' ', h('b', null, f.actor)),
      f.kind === 'FAILURE'
        ? h('p.figures', null, h('span', null, h('b', null, percent(f.affected)), ' of the requests hit'))
        : h('p.figures', null, h('span', null, h('b', null, signed(f.excessNanos)), ` in the slower ${percent(f.affected)}`), h('span', null, `${percent(f.share)} of what was lost`)),
      h('ul.evidence', null, f.evidence.map((/** @type {string} */ text) => h('li', null, text))),
      h('p.remedy', null, h('b', { 'aria-hidden': 'true' }, '→ '), f.remedy),
      h('code.dim', null, f.cause)))), alsAlone(d));
}

/** @param {Json} d */
function alsAlone(d) {
  const als = d.alsAlone;
  return als && d.status === 'DEGRADED'
    ? h('p.dim', null, 'Access logs alone would say: ', chip(als.party), ` on ${edgeName(als.edge)} (${signed(als.excessNanos)}).`)
    : null;
}

/** @param {Json} d */
function waterfall(d) {
  const now = meanRows(d.legs, (leg) => leg.nanos);
  const known = d.totals.baselineRequests > 0;
  const before = meanRows(d.legs, (leg) => leg.nanos - leg.excessNanos);
  const scale = Math.max(now.totalNanos, known ? before.totalNanos : 0);
  return section('Where the time goes',
    h('p.dim.small', null, 'The mean request of the compared part, legs to scale. Of calls in parallel the one that ended last counts; siblings stand in no particular order.'),
    ledger(now.rows, scale, 'Mean request now'),
    known ? h('details', null, h('summary', null, `The same when it was well (${count(d.totals.baselineRequests)} requests)`), ledger(before.rows, scale, 'Mean request when well')) : null,
    h('details', null, h('summary', null, `All ${d.legs.length} legs as a table`), legTable(d)));
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
    h('div.tail', null, d.tail.map((/** @type {Json} */ t) => h('div', { 'data-key': String(t.fromRank) },
      h('span', null, /** @type {any} */ (TAIL)[t.fromRank] || `${t.fromRank}`), shares(t.parties, slowest),
      h('b', null, duration(t.meanNanos)), h('small.dim', null, `${count(t.requests)} requests`)))));
}
