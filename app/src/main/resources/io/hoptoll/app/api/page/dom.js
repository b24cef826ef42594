/**
 * Elements, made from data and updated in place. All text goes in as text nodes: what a request
 * path says can never become markup.
 */

const SVG = 'http://www.w3.org/2000/svg';
const SVG_TAGS = new Set(['svg', 'g', 'path', 'rect', 'line', 'circle', 'text', 'polyline', 'marker', 'defs', 'title']);

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {HTMLElement & {wants?: Record<string, any>}} Made */

/**
 * Makes an element. Properties: `on…` is a handler, `style` an object of CSS properties, the rest
 * attributes (null, undefined and false: left out).
 * @param {string} tag name, with classes after dots: `div.card.wide`
 * @param {Record<string, any> | null} [props]
 * @param {...(Child | Child[])} children
 * @returns {any}
 */
export function h(tag, props, ...children) {
  const [name, ...classes] = tag.split('.');
  const el = /** @type {Made} */ (
    SVG_TAGS.has(name) ? document.createElementNS(SVG, name) : document.createElement(name));
  const wants = { ...props };
  if (classes.length) {
    wants.class = [...classes, wants.class].filter(Boolean).join(' ');
  }
  apply(el, {}, wants);
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) {
      el.append(child instanceof Node ? child : String(child));
    }
  }
  return el;
}

/** @param {Made} el @param {Record<string, any>} had @param {Record<string, any>} wants */
function apply(el, had, wants) {
  for (const key of new Set([...Object.keys(had), ...Object.keys(wants)])) {
    const value = wants[key];
    if (key === 'style') {
      restyle(el, had.style || {}, value || {});
    } else if (key.startsWith('on')) {
      /** @type {any} */ (el)[key] = value || null;
    } else if (value === null || value === undefined || value === false) {
      el.removeAttribute(key);
    } else if (had[key] !== value) {
      el.setAttribute(key, value === true ? '' : String(value));
    }
  }
  el.wants = wants;
}

/** @param {HTMLElement} el @param {Record<string, string>} had @param {Record<string, string>} wants */
function restyle(el, had, wants) {
  Object.keys(had).filter((k) => !(k in wants)).forEach((k) => el.style.removeProperty(k));
  Object.entries(wants).forEach(([k, v]) => had[k] !== v && el.style.setProperty(k, v));
}

/**
 * Makes a container look like a new one and keeps what stayed the same: focus, selection, scroll.
 * @param {Element} into
 * @param {Node[]} nodes
 */
export function show(into, nodes) {
  const old = [...into.childNodes];
  nodes.forEach((next, i) => {
    const was = old[i];
    if (!was) {
      into.append(next);
    } else if (!same(was, next)) {
      was.replaceWith(next);
    } else if (was instanceof Text) {
      if (was.data !== /** @type {Text} */ (next).data) {
        was.data = /** @type {Text} */ (next).data;
      }
    } else {
      const made = /** @type {Made} */ (was);
      apply(made, made.wants || {}, /** @type {Made} */ (next).wants || {});
      show(made, [...next.childNodes]);
    }
  });
  old.slice(nodes.length).forEach((node) => node.remove());
}

/** @param {Node} a @param {Node} b */
function same(a, b) {
  const key = (/** @type {any} */ n) => n.wants?.['data-key'];
  return a.nodeName === b.nodeName && key(a) === key(b);
}
