/** Pieces that several views are made of. */
import { h } from './dom.js';
import { link } from './api.js';
import { PARTIES, beside, causeName, count, duration, partyName, percent } from './text.js';

/** @typedef {import('./api.js').Json} Json */

export const WINDOWS = ['10s', '30s', '1m', '5m', '15m'];

/** @param {string} party */
export const chip = (party) => h('span.chip', null, h(`i.swatch.p-${party}`), partyName(party));

/**
 * Sign and word, never colour alone.
 * @param {string} status
 */
export function badge(status) {
  const [sign, word] = {
    HEALTHY: ['✓', 'healthy'],
    DEGRADED: ['▲', 'degraded'],
  }[status] || ['?', 'insufficient data'];
  return h(`span.badge.s-${status}`, null, h('b', { 'aria-hidden': 'true' }, sign), ` ${word}`);
}

/**
 * The parties' shares as one bar.
 * @param {Json} parties ns by party
 * @param {number} [of] ns of the whole width
 */
export function shares(parties, of) {
  const sum = Object.values(parties).reduce((a, b) => a + b, 0);
  const whole = of || sum || 1;
  const known = PARTIES.filter(([p]) => parties[p] > 0);
  const words = known.map(([p, name]) => `${name} ${duration(parties[p])} (${percent(parties[p] / sum)})`);
  return h('div.shares', { role: 'img', 'aria-label': words.join(', '), 'data-tip': words.join('\n') },
    known.map(([p]) => h(`span.p-${p}`, { style: { width: `${(100 * parties[p]) / whole}%` } })));
}

export const legend = () =>
  h('ul.legend', { 'aria-label': 'Colours' }, PARTIES.map(([p]) => h('li', null, chip(p))));

/**
 * A choice of how far back to look, as links.
 * @param {string} view @param {Json} query @param {string} current
 */
export function windows(view, query, current) {
  return h('nav.choice', { 'aria-label': 'Time range' }, WINDOWS.map((w) =>
    h('a', { href: link(view, { ...query, window: w, from: null, to: null }), 'aria-current': w === current ? 'true' : null }, w)));
}

/**
 * A dotted name that a narrow screen may break after its dots.
 * @param {string} name
 */
export const breakable = (name) => name.split('.').flatMap((part, i) => (i ? ['.', h('wbr'), part] : [part]));

/** @param {string} title @param {...any} children */
export const section = (title, ...children) => h('section', { 'data-key': title }, h('h2', null, title), ...children);

/**
 * What to do where there is nothing.
 * @param {string} title
 * @param {...any} words
 */
export const empty = (title, ...words) => h('div.empty', null, h('h2', null, title), ...words);

/** @param {Json} v a verdict of the list */
export const why = (v) =>
  v.cause
    ? h('span', null, chip(v.party), ' ', h('strong', null, causeName(v.cause)), ` · ${v.actor}`)
    : h('span.dim', null, v.status === 'HEALTHY' ? 'nothing grew beyond this path’s own noise' : beside(v.headline));

/** @param {Json[]} rows of a search */
export function requestTable(rows) {
  const slowest = Math.max(1, ...rows.map((r) => r.totalNanos));
  return h('table.requests', null,
    h('thead', null, h('tr', null, ['Request', 'Status', 'Total', 'Whose time it was'].map((t) => h('th', { scope: 'col' }, t)))),
    h('tbody', null, rows.map((r) => h('tr', { 'data-key': r.requestId + r.start },
      h('td', null, h('a', { href: link('request', { id: r.requestId }) }, `${r.method} ${r.path}`),
        h('small.mono', null, ` ${r.requestId}`)),
      h('td', null, r.responseCode === 0 ? 'none' : r.responseCode, r.responseCode === 0 || r.responseCode >= 500 ? h('b.bad', null, ' ✕') : null),
      h('td.num', null, duration(r.totalNanos)),
      h('td.wide', null, shares(r.parties, slowest))))));
}

/**
 * Counters by name; those that are 0 on request.
 * @param {Json} counts
 */
export function counters(counts) {
  const [some, none] = [true, false].map((counted) => Object.entries(counts).filter(([, n]) => Boolean(n) === counted));
  return h('div.counts', null, some.length ? counterList(some) : null,
    none.length ? h('details', null, h('summary.dim.small', null, `${count(none.length)} ${some.length ? 'more ' : ''}that ${none.length === 1 ? 'is' : 'are'} 0`), counterList(none)) : null);
}

/** @param {[string, any][]} counts */
const counterList = (counts) => h('dl.counters', null, counts.map(([name, n]) =>
  h('div', { class: n ? null : 'zero', 'data-key': name }, h('dt', null, words(name)), h('dd', null, typeof n === 'number' ? count(n) : n === false ? 'no' : n === true ? 'yes' : String(n || '–')))));

/**
 * `messageBytes` → `message bytes`, `malformed ENTRY_UNSUPPORTED` → `malformed entry unsupported`.
 * @param {string} name
 */
const words = (name) => name.replace(/([a-z])([A-Z])(?=[a-z])/g, '$1 $2').replaceAll('_', ' ').toLowerCase();
