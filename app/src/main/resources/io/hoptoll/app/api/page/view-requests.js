/** The requests kept, searched. */
import { h } from './dom.js';
import { get, link } from './api.js';
import { empty, legend, requestTable } from './parts.js';
import { PARTIES } from './text.js';

/** @typedef {import('./api.js').Json} Json */

/** @param {Json} query @param {AbortSignal} signal */
export async function load(query, signal) {
  const [found, paths] = await Promise.all([get('requests', { limit: 40, ...query }, signal), get('paths', { window: '10s' }, signal)]);
  return { ...found, query, paths: paths.paths.map((/** @type {Json} */ p) => p.path) };
}

/**
 * A list that moves cannot be read: only an unfiltered first page follows.
 * @param {Json} query
 */
export const still = (query) => Object.keys(query).length > 0;

/** @param {Json} data */
export function render(data) {
  const q = data.query;
  return [
    h('div.title', null, h('h1', null, 'Requests')),
    h('form.filters', { onsubmit: search, 'data-key': 'filters' },
      choice('path', 'Path', q.path, [['', 'any'], ...data.paths.map((/** @type {string} */ p) => [p, p])]),
      choice('status', 'Status', q.status, [['', 'any'], ['2xx', '2xx'], ['4xx', '4xx'], ['5xx', '5xx'], ['none', 'no response']]),
      choice('party', 'Most time', q.party, [['', 'any party'], ...PARTIES]),
      choice('minDuration', 'At least', q.minDuration, [['', 'any'], ...['10ms', '50ms', '100ms', '500ms', '1s'].map((d) => [d, d])]),
      choice('order', 'Order', q.order, [['', 'newest'], ['slowest', 'slowest']]),
      h('button', { type: 'submit' }, 'Search')),
    legend(),
    data.requests.length ? h('div.scroll', null, requestTable(data.requests)) : empty('No such request',
      h('p', null, 'Nothing kept matches. The last 20 000 requests are kept, of earlier times the slowest, and one of each cause and error; a request shows up about 4 s after it ended.'),
      h('p', null, h('a', { href: link('requests') }, 'Show all'))),
    data.nextCursor ? h('p', null, h('a.next', { href: link('requests', { ...q, cursor: data.nextCursor }) }, 'Next page')) : null,
  ].filter(Boolean);
}

/** @param {string} name @param {string} label @param {string | undefined} value @param {string[][]} options */
const choice = (name, label, value, options) =>
  h('label', null, h('small', null, label), h('select', { name }, options.map(([v, text]) =>
    h('option', { value: v, selected: (value || '') === v }, text))));

/** @param {SubmitEvent} e */
function search(e) {
  e.preventDefault();
  const form = new FormData(/** @type {HTMLFormElement} */ (e.target));
  location.hash = link('requests', Object.fromEntries(form.entries()));
}
