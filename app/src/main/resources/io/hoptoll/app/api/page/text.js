/** Words and numbers for people. */

/**
 * Parties in the order in which a request passes them.
 * @type {[string, string][]}
 */
export const PARTIES = [
  ['CLIENT_APP', 'client app'],
  ['CLIENT_SIDECAR', 'client sidecar'],
  ['TRANSPORT', 'transport'],
  ['SERVER_SIDECAR', 'server sidecar'],
  ['SERVER_APP', 'server app'],
  ['UNDETERMINED', 'undetermined'],
];

/**
 * Legs in the order in which a request passes them, and what each is.
 * @type {[string, string][]}
 */
export const LEGS = [
  ['client.loopback.request', 'from the client app to its sidecar, inside the pod'],
  ['client.sidecar.queue', 'data was there, the client sidecar’s worker was busy'],
  ['client.sidecar.request', 'filters and routing in the client sidecar'],
  ['client.sidecar.attempts', 'earlier attempts and their back-off'],
  ['transport.attempts', 'attempts that a reset broke, and the back-off after them'],
  ['client.sidecar.pool', 'waiting for a connection of the pool'],
  ['transport.connect', 'SYN to established, while the request waited'],
  ['client.sidecar.handshake', 'TLS handshake, while the request waited'],
  ['transport.request', 'the request on the wire'],
  ['server.sidecar.queue', 'data was there, the server sidecar’s worker was busy'],
  ['server.sidecar.request', 'filters and routing in the server sidecar'],
  ['server.sidecar.pool', 'waiting for a connection to the app'],
  ['server.app.connect', 'the app’s host accepting a connection'],
  ['server.loopback.request', 'from the server sidecar to its app, inside the pod'],
  ['server.app.pickup', 'data was there, the app had not read it yet'],
  ['body.request', 'the request’s body'],
  ['body.request.sender', 'the request’s body, held up by the client app'],
  ['body.request.receiver', 'the request’s body, held up by the server app'],
  ['server.app.service', 'the app’s work, with the calls it made meanwhile'],
  ['server.app.self', 'the app’s own work, without the calls it made'],
  ['server.app.dependency', 'the app waited for a call of its own that no access log told'],
  ['server.loopback.response', 'from the app to its sidecar, inside the pod'],
  ['server.sidecar.response.queue', 'the answer was there, the server sidecar’s worker was busy'],
  ['server.sidecar.response', 'filters in the server sidecar, on the way back'],
  ['transport.response', 'the answer on the wire'],
  ['client.sidecar.response.queue', 'the answer was there, the client sidecar’s worker was busy'],
  ['client.sidecar.response', 'filters in the client sidecar, on the way back'],
  ['client.loopback.response', 'from the sidecar to the client app, inside the pod'],
  ['client.app.pickup', 'the answer was there, the client app had not read it yet'],
  ['body.response', 'the answer’s body'],
  ['body.response.sender', 'the answer’s body, held up by the server app'],
  ['transport.ack', 'the last piece of a message, held back until the piece before it was acknowledged'],
  ['body.network', 'a body held up by the network'],
  ['body.response.receiver', 'the answer’s body, held up by the client app'],
  ['unexplained', 'what no mark explains'],
];

const ORDER = new Map(LEGS.map(([name], i) => [name, i]));
const MEANING = new Map(LEGS);
const PARTY = new Map(PARTIES);

/** @param {string} party */
export const partyName = (party) => PARTY.get(party) || party;

/**
 * A merged leg stands where its first kind does.
 * @param {string} leg
 */
export const legOrder = (leg) => Math.min(...leg.split('+').map((part) => ORDER.get(part) ?? LEGS.length));

/** @param {string} leg */
export function legMeaning(leg) {
  const parts = leg.split('+');
  return parts.length === 1
    ? MEANING.get(leg) || ''
    : `no mark tells these ${parts.length} apart: ${parts.join(', ')}`;
}

/**
 * A merged leg by its ends.
 * @param {string} leg
 */
export function legName(leg) {
  const parts = leg.split('+');
  return parts.length < 3 ? parts.join(' + ') : `${parts[0]} … ${parts[parts.length - 1]}`;
}

/** @param {number} nanos */
export function duration(nanos) {
  const abs = Math.abs(nanos);
  if (abs < 1e3) {
    return `${Math.round(nanos)} ns`;
  }
  const [divisor, unit] = abs < 999.5e3 ? [1e3, 'µs'] : abs < 999.5e6 ? [1e6, 'ms'] : [1e9, 's'];
  const value = nanos / divisor;
  const size = Math.abs(value);
  return `${value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0)} ${unit}`;
}

/** @param {number} nanos */
export const signed = (nanos) => (nanos > 0 ? '+' : nanos < 0 ? '−' : '±') + duration(Math.abs(nanos));

/** @param {number} share 0..1 */
export function percent(share) {
  const p = share * 100;
  return p > 0 && p < 0.05 ? '< 0.1 %' : `${p > 0 && p < 9.95 ? p.toFixed(1) : p.toFixed(0)} %`;
}

/** @param {number} n */
export const count = (n) => n.toLocaleString('en').replaceAll(',', '\u202f');

/** @param {number} n */
export function bytes(n) {
  if (n < 10_000) {
    return `${count(n)} B`;
  }
  return n < 10_000_000 ? `${count(Math.round(n / 1e3))} kB` : `${count(Math.round(n / 1e6))} MB`;
}

/** @param {number} perSecond */
export const rate = (perSecond) =>
  (perSecond > 0 && perSecond < 0.05 ? '< 0.1/s' : `${perSecond < 9.95 ? perSecond.toFixed(1) : Math.round(perSecond)}/s`);

/**
 * `details-v1.default` in the namespace most services share: `details-v1`.
 * @param {string} name
 */
export const service = (name) => name.replace(/\.default$/, '');

/** @param {{client: string, server: string}} edge */
export const edgeName = (edge) => `${service(edge.client)} → ${service(edge.server)}`;

/**
 * The clock of whoever looks.
 * @param {string} rfc3339
 * @param {boolean} [millis]
 */
export function clock(rfc3339, millis = false) {
  const t = new Date(rfc3339);
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  const time = `${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`;
  return millis ? `${time}.${String(t.getMilliseconds()).padStart(3, '0')}` : time;
}

/**
 * `SIDECAR_CPU_THROTTLED` → `sidecar CPU throttled`.
 * @param {string} code
 */
export const causeName = (code) =>
  code.toLowerCase().replaceAll('_', ' ').replace(/\b(cpu|rtt|tls|syn|dns)\b/g, (w) => w.toUpperCase());

/**
 * A verdict's headline beside its badge, which says the first words.
 * @param {string} headline
 */
export const beside = (headline) => headline.replace(/^(healthy|insufficient data): /, '');
