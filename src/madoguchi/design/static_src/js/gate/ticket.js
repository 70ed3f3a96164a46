// Reads and checks a ticket as bookings/gate/ticket.py does; the two are held together by the browser's test.
const PREFIX = "MGT1:", DOMAIN = "madoguchi ticket 1\0", SIGNATURE = 64, HEAD = 33, LONGEST = 480;
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const DAY = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo" });

class Unreadable extends Error {}

function unbase45(text) {
  const body = text.slice(PREFIX.length), out = [];
  if (!text.startsWith(PREFIX) || text.length > LONGEST || body.length % 3 === 1) throw new Unreadable();
  for (let at = 0; at < body.length; at += 3) {
    const group = [...body.slice(at, at + 3)].map((one) => ALPHABET.indexOf(one));
    const number = group.reduce((sum, value, place) => sum + value * 45 ** place, 0);
    if (group.includes(-1) || number >= 256 ** (group.length - 1)) throw new Unreadable();
    if (group.length === 3) out.push(number >> 8);
    out.push(number & 255);
  }
  return new Uint8Array(out);
}

function unpack(packed) {
  if (packed.length < HEAD + 2 || packed[0] !== 1) throw new Unreadable();
  const view = new DataView(packed.buffer, packed.byteOffset), codes = [];
  let at = HEAD;
  for (let n = 0; n < 2; n += 1) {
    const code = packed.subarray(at + 1, at + 1 + packed[at]);
    if (at >= packed.length || code.length !== packed[at] || code.some((byte) => byte > 127)) throw new Unreadable();
    codes.push(String.fromCharCode(...code));
    at += 1 + code.length;
  }
  const people = packed[31], flags = packed[32], milliseconds = (place) => view.getUint32(place) * 1000;
  if (at !== packed.length || flags > 1 || !people) throw new Unreadable();
  return {
    key: view.getUint16(1), ticket: [...packed.subarray(3, 19)].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
    facility: codes[0], category: codes[1], startsAt: milliseconds(19), validFrom: milliseconds(23), validUntil: milliseconds(27),
    people, check: flags === 1,
  };
}

function whenAndWhere(payload, facility, now) {
  if (payload.facility !== facility) return "elsewhere";
  if (payload.validFrom <= now && now <= payload.validUntil) return "good";
  const early = now < payload.validFrom, nearest = early ? payload.validFrom : payload.validUntil;
  if (day(now) !== day(nearest)) return "other-day";
  return early ? "early" : "late";
}

export const day = (milliseconds) => DAY.format(milliseconds);

export async function canVerify() {
  try {
    return Boolean(await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]));
  } catch {
    return false; // an old browser, or a page without HTTPS
  }
}

export async function imported(keys) {
  const raw = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  const made = Object.entries(keys).map(async ([number, hex]) =>
    [Number(number), await crypto.subtle.importKey("raw", raw(hex), "Ed25519", false, ["verify"])]);
  return new Map(await Promise.all(made));
}

export async function check(text, keys, facility, now) {
  let signed, payload;
  try {
    signed = unbase45(text);
    if (signed.length < SIGNATURE) throw new Unreadable();
    payload = unpack(signed.slice(0, -SIGNATURE));
  } catch (fault) {
    if (fault instanceof Unreadable) return { state: "unreadable" };
    throw fault;
  }
  const key = keys.get(payload.key);
  if (!key) return { state: "unknown-key" };
  const body = new Uint8Array([...new TextEncoder().encode(DOMAIN), ...signed.slice(0, -SIGNATURE)]);
  if (!await crypto.subtle.verify("Ed25519", key, signed.slice(-SIGNATURE), body)) return { state: "forged" };
  return { state: whenAndWhere(payload, facility, now), payload };
}
