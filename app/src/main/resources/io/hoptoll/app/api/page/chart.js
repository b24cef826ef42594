/** Charts, drawn by hand as SVG. Colours and strokes are CSS classes: the page allows no inline style. */
import { h } from './dom.js';
import { PARTIES, clock, duration, percent, rate } from './text.js';

/** @typedef {import('./api.js').Json} Json */

/**
 * A line without axes; gaps where nothing was.
 * @param {(number | null)[]} values
 * @param {string} words what it shows, for who does not see it
 */
export function sparkline(values, words) {
  const width = 120;
  const height = 28;
  const max = Math.max(1, ...values.map((v) => v || 0));
  const x = (/** @type {number} */ i) => (i * width) / Math.max(1, values.length - 1);
  const y = (/** @type {number} */ v) => height - 2 - ((height - 4) * v) / max;
  return h('svg.spark', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': words },
    h('path', { d: line(values, x, y), 'vector-effect': 'non-scaling-stroke' }));
}

/** @param {(number | null)[]} values @param {(i: number) => number} x @param {(v: number) => number} y */
function line(values, x, y) {
  let pen = 'M';
  let d = '';
  values.forEach((v, i) => {
    if (v === null) {
      pen = 'M';
    } else {
      d += `${pen}${x(i).toFixed(1)} ${y(v).toFixed(1)}`;
      pen = 'L';
    }
  });
  return d;
}

/**
 * The next number of the form 1, 2 or 5 times a power of ten.
 * @param {number} n
 */
function round(n) {
  const power = 10 ** Math.floor(Math.log10(n));
  return [1, 2, 5, 10].map((m) => m * power).find((m) => m >= n) || n;
}

/**
 * The largest of them, unless a few stand far above the rest: these are cut off.
 * @param {number[]} values
 */
function highest(values) {
  const sorted = values.filter((v) => v > 0).sort((a, b) => a - b);
  const most = sorted[Math.floor(0.9 * (sorted.length - 1))] || 0;
  const last = sorted[sorted.length - 1] || 0;
  return last > 3 * most ? 1.5 * most : last;
}

/**
 * Bars of a cumulative histogram, from its first bucket with anything in it to its last.
 * @param {Json} data count and buckets of le and count
 * @param {string} name
 */
export function histogram(data, name) {
  let before = 0;
  const bars = data.buckets.map((/** @type {Json} */ b) => {
    const bar = { le: b.le, n: b.count - before };
    before = b.count;
    return bar;
  });
  const filled = bars.map((/** @type {Json} */ b, /** @type {number} */ i) => (b.n > 0 ? i : -1)).filter((/** @type {number} */ i) => i >= 0);
  const used = filled.length ? bars.slice(filled[0], filled[filled.length - 1] + 1) : [];
  const most = Math.max(1, ...used.map((/** @type {Json} */ b) => b.n));
  const upTo = (/** @type {Json} */ b) => (b.le === '+Inf' ? 'longer' : `≤ ${duration(b.le)}`);
  return h('ol.bars', { 'aria-label': `${name}: how often how long` }, used.map((/** @type {Json} */ b) =>
    h('li', { 'data-tip': `${upTo(b)}: ${b.n} (${percent(b.n / Math.max(1, data.count))})` },
      h('span.num', null, upTo(b)), h('div.meter', null, h('span', { style: { width: `${(100 * b.n) / most}%` } })), h('span.num', null, b.n))));
}

/** @param {Json} p a point of a series */
const words = (p) =>
  p.requests === 0
    ? `${clock(p.from)}  no requests`
    : [`${clock(p.from)}  ${rate(p.ratePerSecond)}, p50 ${duration(p.p50Nanos)}, p99 ${duration(p.p99Nanos)}`,
      ...(p.errors ? [`${p.errors} errors (${percent(p.errors / p.requests)})`] : []),
      ...PARTIES.filter(([party]) => p.parties[party]).map(([party, name]) => `${name} ${duration(p.parties[party])}`),
    ].join('\n');

/** So many points are shown at least. */
const SHORTEST = 12;

/**
 * Without the time before the first request, of which there is nothing to see.
 * @param {Json[]} points
 */
function sinceFirst(points) {
  const first = points.findIndex((p) => p.requests > 0);
  return points.slice(Math.max(0, Math.min(first - 1, points.length - SHORTEST)));
}

/** Where p99's part of a timeline ends, and the means' begins: a tail is often ten times a mean. */
const SPLIT = 64;

/**
 * p99 over time as a line, and below it the mean request stacked by party, each to its own scale.
 * Drag to choose a range.
 * @param {Json} series points with from, parties, p99Nanos
 * @param {{from?: string, to?: string, onRange?: (from: string, to: string) => void, width?: number}} options
 */
export function timeline(series, options) {
  const points = sinceFirst(series.points);
  const width = options.width || 960;
  const height = 196;
  const left = 58;
  const bottom = 20;
  const step = series.stepSeconds * 1000;
  const start = Date.parse(points[0]?.from || series.from);
  const end = start + points.length * step;
  const mean = (/** @type {Json} */ p) => Object.values(p.parties).reduce((sum, n) => sum + n, 0);
  const scale = (/** @type {number[]} */ values, /** @type {number} */ top, /** @type {number} */ foot) => {
    const max = round(Math.max(1e5, highest(values)));
    return { max, y: (/** @type {number} */ nanos) => foot - (foot - top) * Math.min(1.05, nanos / max) };
  };
  const tail = scale(points.map((/** @type {Json} */ p) => p.p99Nanos), 10, SPLIT);
  const means = scale(points.map(mean), SPLIT + 22, height - bottom);
  const x = (/** @type {number} */ ms) => left + ((width - left - 4) * (ms - start)) / (end - start);
  const bar = Math.max(1, x(start + step) - x(start) - 1);
  const hands = options.onRange ? dragging({ start, end, step, left, width }, options) : {};
  return h('svg.timeline', { ...hands, viewBox: `0 0 ${width} ${height}`, tabindex: options.onRange ? '0' : null, role: 'img', 'aria-label': `p99 and mean by party, ${clock(series.from)} to ${clock(series.to)}` },
    selection(options, x, height - bottom),
    [tail, means].map(({ max, y }) => [0, max].map((nanos) => [
      h('line.grid', { x1: left, x2: width, y1: y(nanos), y2: y(nanos) }),
      h('text.tick', { x: left - 6, y: y(nanos) + 4, 'text-anchor': 'end' }, nanos ? duration(nanos) : '0'),
    ])).flat(2),
    points.map((/** @type {Json} */ p) => stack(p, x(Date.parse(p.from)), bar, means.y)),
    h('path.p99', { d: line(points.map((/** @type {Json} */ p) => (p.requests ? p.p99Nanos : null)), (i) => x(start + (i + 0.5) * step), tail.y) }),
    h('text.tick', { x: left - 6, y: (tail.y(0) + tail.y(tail.max)) / 2 + 4, 'text-anchor': 'end' }, 'p99'),
    h('text.tick', { x: left - 6, y: (means.y(0) + means.y(means.max)) / 2 + 4, 'text-anchor': 'end' }, 'mean'),
    ticks(start, end, width).map((t) => h('text.tick', { x: x(t), y: height - 4, 'text-anchor': 'middle' }, clock(new Date(t).toISOString()))),
    points.map((/** @type {Json} */ p) => h('rect.hit', { x: x(Date.parse(p.from)), y: 0, width: bar + 1, height: height - bottom, 'data-tip': words(p) })));
}

/** @param {Json} p @param {number} x @param {number} width @param {(n: number) => number} y */
function stack(p, x, width, y) {
  let below = 0;
  return h('g', null, PARTIES.filter(([party]) => p.parties[party] > 0).map(([party]) => {
    const from = below;
    below += p.parties[party];
    return h(`rect.p-${party}`, { x, width, y: y(below), height: Math.max(0, y(from) - y(below)) });
  }));
}

/** @param {Json} options @param {(ms: number) => number} x @param {number} height */
function selection(options, x, height) {
  if (!options.from || !options.to) {
    return null;
  }
  const from = Math.max(x(Date.parse(options.from)), 58);
  return h('rect.chosen', { x: from, y: 0, width: Math.max(2, x(Date.parse(options.to)) - from), height });
}

/**
 * Whole steps of the clock, not too many.
 * @param {number} start
 * @param {number} end
 * @param {number} width
 */
function ticks(start, end, width) {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600].map((s) => s * 1000);
  const step = steps.find((s) => (end - start) / s <= width / 90) || 7_200_000;
  const all = [];
  for (let t = Math.ceil((start + step / 3) / step) * step; t < end - step / 4; t += step) {
    all.push(t);
  }
  return all;
}

/** Where a drag began; outlives a redraw. */
let began = 0;

/**
 * A range by pointer, or by the arrow keys (with Shift: its end).
 * @param {{start: number, end: number, step: number, left: number, width: number}} axis
 * @param {Json} options
 */
function dragging(axis, options) {
  const choose = (/** @type {number} */ a, /** @type {number} */ b) => {
    const floor = (/** @type {number} */ t) => Math.floor(t / 1000) * 1000;
    const from = floor(Math.min(a, b));
    options.onRange(iso(from), iso(Math.max(floor(Math.max(a, b)), from + 1000)));
  };
  const at = (/** @type {PointerEvent} */ e) => {
    const box = /** @type {Element} */ (e.currentTarget).getBoundingClientRect();
    const px = ((e.clientX - box.left) / box.width) * axis.width;
    const share = Math.min(1, Math.max(0, (px - axis.left) / (axis.width - axis.left - 4)));
    return axis.start + share * (axis.end - axis.start);
  };
  return {
    onpointerdown: (/** @type {PointerEvent} */ e) => { began = at(e); },
    onpointerup: (/** @type {PointerEvent} */ e) => {
      if (began && Math.abs(at(e) - began) >= axis.step) {
        choose(began, at(e));
      }
      began = 0;
    },
    onkeydown: (/** @type {KeyboardEvent} */ e) => {
      const by = /** @type {any} */ ({ ArrowLeft: -axis.step, ArrowRight: axis.step })[e.key];
      if (by && options.from && options.to) {
        e.preventDefault();
        choose(Date.parse(options.from) + (e.shiftKey ? 0 : by), Date.parse(options.to) + by);
      }
    },
  };
}

/** @param {number} ms */
const iso = (ms) => new Date(ms).toISOString().replace('.000Z', 'Z');
