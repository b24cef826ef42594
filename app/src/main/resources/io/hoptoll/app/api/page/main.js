/** The page: which view the address asks for, kept up to date. */
import { h, show } from './dom.js';
import { Refusal, link } from './api.js';
import { empty } from './parts.js';
import { causeName, clock } from './text.js';
import * as paths from './view-paths.js';
import * as path from './view-path.js';
import * as requests from './view-requests.js';
import * as request from './view-request.js';
import * as topology from './view-topology.js';
import * as pod from './view-pod.js';
import * as profiling from './view-profiling.js';
import * as health from './view-health.js';

/**
 * @typedef {{
 *   load: (query: Record<string, string>, signal: AbortSignal) => Promise<any>,
 *   render: (data: any) => Node[],
 *   still?: (query: Record<string, string>) => boolean,
 * }} View
 */

/** @type {Record<string, View>} */
const VIEWS = { paths, path, requests, request, topology, pod, profiling, health };
const REFRESH_MILLIS = 3_000;
const TAB = { path: 'paths', request: 'requests', pod: 'topology' };

const main = /** @type {HTMLElement} */ (document.getElementById('main'));
const state = /** @type {HTMLElement} */ (document.getElementById('link'));
const news = /** @type {HTMLElement} */ (document.getElementById('news'));
const tip = /** @type {HTMLElement} */ (document.getElementById('tip'));

let aborter = new AbortController();
let timer = 0;

/** What the address asks for: `#/path?path=/productpage&window=30s`. */
function where() {
  const [name, query] = location.hash.replace(/^#\//, '').split('?');
  return { name: VIEWS[name] ? name : 'paths', query: Object.fromEntries(new URLSearchParams(query || '')) };
}

async function draw() {
  clearTimeout(timer);
  aborter.abort();
  aborter = new AbortController();
  const { signal } = aborter;
  const { name, query } = where();
  const view = VIEWS[name];
  try {
    const data = await view.load(query, signal);
    if (signal.aborted) {
      return;
    }
    main.dataset.view = name;
    show(main, view.render(data));
    const still = view.still?.(query) || false;
    say(still ? '' : `live, ${clock(new Date().toISOString())}`, false);
    if (!still) {
      timer = setTimeout(next, REFRESH_MILLIS);
    }
  } catch (e) {
    if (!signal.aborted) {
      fail(e);
      timer = setTimeout(next, REFRESH_MILLIS);
    }
  }
}

/** Nobody looks at a hidden page. */
function next() {
  if (document.hidden) {
    timer = setTimeout(next, REFRESH_MILLIS);
  } else {
    draw();
  }
}

/** @param {any} e */
function fail(e) {
  if (!(e instanceof Refusal)) {
    throw e;
  }
  if (e.status === 0) {
    say('✕ no answer', true);
    if (!main.hasChildNodes()) {
      show(main, [empty('No answer', h('p', null, e.message), h('p', null, 'Start it with ', h('code', null, 'hoptoll server'), '. This page tries again every 3 s.'))]);
    }
    return;
  }
  say('', false);
  main.dataset.view = 'refusal';
  show(main, [empty(e.status === 404 ? 'Not here' : 'Not possible', h('p', null, e.message), suggestions(e.problem), h('p', null, h('a', { href: link('paths') }, 'All paths')))]);
}

/** @param {Record<string, any>} problem */
function suggestions(problem) {
  if (problem.pods) {
    return h('ul', null, problem.pods.map((/** @type {string} */ p) => h('li', null, h('a', { href: link('pod', { pod: p }) }, p))));
  }
  return problem.paths
    ? h('ul', null, problem.paths.map((/** @type {string} */ p) => h('li', null, h('a', { href: link('path', { path: p, window: '30s' }) }, p))))
    : problem.example ? h('p', null, 'For example ', h('code', null, problem.example)) : null;
}

/** @param {string} text @param {boolean} bad */
function say(text, bad) {
  state.textContent = text;
  state.className = bad ? 'bad' : '';
}

function arrive() {
  const { name, query } = where();
  for (const a of document.querySelectorAll('header nav a')) {
    const own = a.getAttribute('href') === `#/${/** @type {any} */ (TAB)[name] || name}`;
    own ? a.setAttribute('aria-current', 'page') : a.removeAttribute('aria-current');
  }
  document.title = `${query.path || query.id || query.pod || name} · Hoptoll`;
  hideTip();
  draw();
}

/** @type {EventSource | null} */
let stream = null;

/** Browsers grant six connections to a server: pages that nobody sees must not hold them. */
function followWhileSeen() {
  stream?.close();
  stream = document.hidden ? null : follow();
}

/** Verdicts as they change: said in words, and drawn at once. */
function follow() {
  const began = Date.now();
  const stream = new EventSource('/api/v1/verdicts/stream');
  stream.addEventListener('verdict', (e) => {
    const v = JSON.parse(e.data);
    if (Date.parse(v.at) >= began - 1_000) {
      news.textContent = v.cause ? `${v.path}: ${causeName(v.cause)}, ${v.actor}` : `${v.path} is ${v.status.toLowerCase().replace('_', ' ')}`;
      news.className = 'shown';
      setTimeout(() => { news.className = ''; }, 8_000);
      if (!VIEWS[where().name].still?.(where().query)) {
        draw();
      }
    }
  });
  return stream;
}

/** @param {Event} e */
function showTip(e) {
  const at = /** @type {Element} */ (e.target).closest?.('[data-tip]');
  if (!at) {
    hideTip();
    return;
  }
  tip.textContent = at.getAttribute('data-tip');
  tip.hidden = false;
  const box = at.getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  const middle = e instanceof MouseEvent ? e.clientX : box.left + Math.min(box.width, 300) / 2;
  const left = Math.max(6, Math.min(innerWidth - own.width - 6, middle - own.width / 2));
  const above = box.top - own.height - 6;
  tip.style.left = `${left}px`;
  tip.style.top = `${above > 6 ? above : Math.min(innerHeight - own.height - 6, box.bottom + 6)}px`;
}

function hideTip() {
  tip.hidden = true;
}

document.addEventListener('mouseover', showTip);
document.addEventListener('focusin', showTip);
document.addEventListener('keydown', (e) => e.key === 'Escape' && hideTip());
window.addEventListener('hashchange', () => { window.scrollTo(0, 0); arrive(); });
document.querySelector('.skip')?.addEventListener('click', (e) => { e.preventDefault(); main.focus(); });
document.addEventListener('visibilitychange', followWhileSeen);
window.addEventListener('pagehide', () => stream?.close());
window.addEventListener('pageshow', (e) => e.persisted && followWhileSeen());
arrive();
followWhileSeen();
