/** The API's answers, and its refusals with their words. */

/** @typedef {Record<string, any>} Json */

/** A refusal (`application/problem+json`), or no answer at all. */
export class Refusal extends Error {
  /** @param {number} status 0: no answer @param {Json} problem */
  constructor(status, problem) {
    super(problem.detail || 'no answer');
    this.status = status;
    this.problem = problem;
  }
}

/**
 * @param {string} resource below /api/v1/, or absolute
 * @param {Record<string, string | number | null | undefined>} [query] empty values are left out
 * @param {AbortSignal} [signal]
 * @returns {Promise<Json>}
 */
export async function get(resource, query = {}, signal) {
  const path = resource.startsWith('/') ? resource : `/api/v1/${resource}`;
  let answer;
  try {
    answer = await fetch(path + encode(query), { signal, headers: { accept: 'application/json' } });
  } catch (e) {
    if (signal?.aborted) {
      throw e;
    }
    throw new Refusal(0, { detail: `The Hoptoll server at ${location.host} does not answer.` });
  }
  const json = await answer.json();
  if (!answer.ok) {
    throw new Refusal(answer.status, json);
  }
  return json;
}

/**
 * Something done, not asked.
 * @param {string} method
 * @param {string} resource below /api/v1/
 * @param {Json | null} body
 * @returns {Promise<Json>} the answer; empty where there is none
 */
export async function send(method, resource, body) {
  let answer;
  try {
    answer = await fetch(`/api/v1/${resource}`, { method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
  } catch {
    throw new Refusal(0, { detail: `The Hoptoll server at ${location.host} does not answer.` });
  }
  const text = await answer.text();
  const json = text ? JSON.parse(text) : {};
  if (!answer.ok) {
    throw new Refusal(answer.status, json);
  }
  return json;
}

/** @param {Record<string, any>} query */
export function encode(query) {
  const set = Object.entries(query).filter(([, v]) => v !== null && v !== undefined && v !== '');
  return set.length ? `?${new URLSearchParams(set.map(([k, v]) => [k, String(v)]))}` : '';
}

/**
 * A link inside the page.
 * @param {string} view
 * @param {Record<string, any>} [query]
 */
export function link(view, query = {}) {
  return `#/${view}${encode(query)}`;
}
