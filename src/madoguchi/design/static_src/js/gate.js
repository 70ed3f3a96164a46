// The gate: works without a network once it was loaded (ADR 0020). Without this script the form asks the server.
import "./base.js";
import { prepare, watch } from "./gate/camera.js";
import { open } from "./gate/store.js";
import { canVerify, check, day, imported } from "./gate/ticket.js";
import { wake, words } from "./gate/voice.js";

const SYNC_MILLISECONDS = 15_000, LIST_MILLISECONDS = 120_000, KEPT_MILLISECONDS = 2 * 86_400_000, LEARN_MILLISECONDS = 3_000, MOST_SCANS = 500, MOST_RECENT = 10;
const root = document.querySelector("[data-gate]"), facility = root.dataset.gate;
const part = (name) => root.querySelector(`[data-${name}]`);
const { say, rest, text, of, facilityName } = words(root);
const time = new Intl.DateTimeFormat("ja-JP", { timeZone: "Asia/Tokyo", hour: "2-digit", minute: "2-digit" });
const both = new Intl.DateTimeFormat("ja-JP", { timeZone: "Asia/Tokyo", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });

const store = await open();
const device = await store.get("device") ?? crypto.randomUUID().slice(0, 18);
await store.set("device", device);
let list = await store.get(`day:${facility}`), keys = new Map(), difference = await store.get("difference") ?? 0, token = "", connected = false, signedOut = false;

// The server's clock: the phone's may be wrong, so the difference was kept when the list was loaded.
const now = () => Date.now() + difference;
const place = (ticket) => `${facility}|${day(now())}|${ticket}`;
const gateName = () => part("name").value.replace(/\p{Cc}/gu, "").trim().slice(0, 60);

// Gives whether the list of the day came.
async function load(signal) {
  const asked = Date.now(), answer = await fetch(root.dataset.day, { redirect: "manual", signal });
  signedOut = answer.type === "opaqueredirect" || answer.status === 403;
  if (!answer.ok) return false;
  const told = await answer.json();
  difference = told.now - (asked + Date.now()) / 2;
  await store.set("difference", difference);
  token = told.token;
  list = { now: told.now, keys: told.keys, tickets: told.tickets, cancelled: told.cancelled, admitted: told.admitted };
  await store.set(`day:${facility}`, list);
  await store.tidy(told.now - KEPT_MILLISECONDS);
  await use();
  showTwice(told.twice);
  return true;
}

async function use() {
  keys = await imported(list?.keys ?? {});
  sets.cancelled = new Set(list?.cancelled);
  sets.admitted = new Map((list?.admitted ?? []).map(([ticket, name, at]) => [ticket, { gate: name, at }]));
}
const sets = { cancelled: new Set(), admitted: new Map() };

// A key that this phone does not know was made since it last had a network; the office tells, where it can be asked.
// A number that is unknown there too is nobody's.
async function examined(found) {
  const first = await check(found, keys, facility, now());
  if (first.state !== "unknown-key" || !connected || !await learned()) return first;
  const second = await check(found, keys, facility, now());
  return second.state === "unknown-key" ? { state: "forged" } : second;
}

async function learned() {
  try {
    return await load(AbortSignal.timeout(LEARN_MILLISECONDS)); // somebody stands at the gate and waits
  } catch (fault) {
    if (!(fault instanceof TypeError) && fault.name !== "TimeoutError") throw fault;
    return false;
  }
}

async function scanned(given) {
  wake();
  const { state, payload } = await examined(given.trim());
  const result = part("result"), who = payload && { category: of(payload.category).name, people: text("people", payload.people) };
  if (state !== "good") {
    const detail = state === "elsewhere" ? facilityName(payload.facility) : payload && both.format(payload.startsAt);
    return say(result, state, { ...who, detail });
  }
  if (sets.cancelled.has(payload.ticket)) return say(result, "cancelled", who);
  const before = await store.entered(place(payload.ticket)) ?? sets.admitted.get(payload.ticket);
  if (before) return again(payload, who, before);
  if (!payload.check) return admit(payload, who);
  return say(result, "check", { ...who, check: of(payload.category).check || " " }, [
    [text("admit"), () => admit(payload, who)], [text("refuse"), () => rest(result), "outline"],
  ]);
}

const scan = (ticket, outcome) => ({ key: `${device}:${crypto.randomUUID().slice(0, 23)}`, ticket, gate: gateName(), device, at: now(), outcome });

async function admit(payload, who) {
  const made = scan(payload.ticket, "admitted"), where = place(payload.ticket);
  const before = await store.admit(where, { ...made, facility, category: payload.category, people: payload.people });
  if (before) return again(payload, who, before);
  say(part("result"), "admitted", who, [[text("undo"), () => undo(where, payload.ticket), "outline"]]);
  return after();
}

async function again(payload, who, before) {
  await store.note({ ...scan(payload.ticket, "again"), facility });
  say(part("result"), "again", { ...who, detail: `${time.format(before.at)} ${before.gate}` });
  return after();
}

async function undo(where, ticket) {
  await store.undo(where, { ...scan(ticket, "undone"), facility });
  sets.admitted.delete(ticket);
  say(part("result"), "undone");
  return after();
}

async function after() {
  await showRecent();
  sync(); // not awaited: a slow network must not keep the next visitor waiting
}

let sending = false;
async function sync() {
  if (sending) return;
  sending = true;
  try {
    if (!token || now() - list.now > LIST_MILLISECONDS) await load();
    const waiting = (await store.waiting()).filter((one) => one.facility === facility).slice(0, MOST_SCANS);
    if (token) await send(waiting); // an empty message too: it tells whether there is a network, and what is flagged
    connected = true;
  } catch (fault) {
    if (!(fault instanceof TypeError)) throw fault;
    connected = false; // fetch without a network; tried again at the next tick
  } finally {
    sending = false;
    await showStatus();
  }
}

async function send(waiting) {
  const body = JSON.stringify({ scans: waiting.map(({ key, ticket, gate, at, outcome }) => ({ key, ticket, gate, device, at: new Date(at).toISOString(), outcome })) });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  const answer = await fetch(root.dataset.scans, { method: "POST", body, headers, redirect: "manual" });
  signedOut = answer.type === "opaqueredirect" || answer.status === 403;
  if (signedOut) token = "";
  if (!answer.ok) return;
  const told = await answer.json();
  await store.forget([...told.kept, ...told.refused]);
  if (told.refused.length) await store.set(`refused:${facility}`, (await store.get(`refused:${facility}`) ?? 0) + told.refused.length);
  showTwice(told.twice);
}

async function showStatus() {
  const waiting = (await store.waiting()).filter((one) => one.facility === facility).length;
  const word = signedOut ? "sign-in" : connected ? "loaded" : list && day(list.now) === day(now()) ? "offline" : "first";
  const refused = await store.get(`refused:${facility}`) ?? 0;
  const counts = [[waiting, "unsent"], [refused, "refused"]].filter(([count]) => count).map(([count, name]) => ` ${text(name)}: ${count}`);
  const status = part("status"), said = text(word) + counts.join("");
  if (status.textContent !== said) status.textContent = said;
  status.dataset.connected = connected;
  status.dataset.waiting = waiting;
}

async function showRecent() {
  const recent = (await store.recent()).filter((one) => one.facility === facility).slice(0, MOST_RECENT);
  part("recent").hidden = !recent.length;
  part("recent-list").replaceChildren(...recent.map((one) => {
    const line = document.createElement("li"), button = document.createElement("button");
    line.textContent = `${time.format(one.at)} ${of(one.category).name} ${text("people", one.people)} `;
    Object.assign(button, { type: "button", className: "dads-button", textContent: text("undo"), onclick: () => undo(one.place, one.ticket) });
    Object.assign(button.dataset, { type: "text", size: "sm" });
    line.append(button);
    return line;
  }));
}

function showTwice(found) {
  part("twice").hidden = !found.length;
  part("twice-list").replaceChildren(...found.map((one) => {
    const line = document.createElement("li");
    line.textContent = `${text("number", one.number)} ${of(one.category).name}: ${one.entries.map(([name, at]) => `${both.format(at)} ${name || "—"}`).join(" / ")}`;
    return line;
  }));
}

async function keepOffline() {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register(root.dataset.worker, { scope: root.dataset.scope });
  await navigator.serviceWorker.ready;
  const files = performance.getEntriesByType("resource").map((one) => one.name).filter((name) => new URL(name).pathname.startsWith("/static/"));
  await (await caches.open("madoguchi-gate")).addAll([...new Set([location.pathname, ...files])]);
  root.dataset.kept = "yes";
}

part("name").addEventListener("change", () => store.set("gate", gateName()));
const usual = await store.get("gate") ?? "";
part("name").value ||= usual; // what was typed meanwhile stays
const verifies = await canVerify();
if (verifies) {
  await use();
  part("typed").addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = event.target.elements.ticket, given = field.value;
    field.value = "";
    field.focus();
    await scanned(given);
  });
  if (navigator.mediaDevices) {
    const look = await prepare();
    part("camera").hidden = false;
    part("video").hidden = true;
    part("start-camera").addEventListener("click", async (event) => {
      wake();
      event.target.hidden = true;
      part("video").hidden = false;
      try {
        await watch(part("video"), look, scanned);
      } catch {
        event.target.hidden = false;
        part("video").hidden = true;
        part("status").textContent = text("no-camera");
      }
    });
  }
  await showRecent();
  await sync();
  addEventListener("online", sync);
  setInterval(sync, SYNC_MILLISECONDS);
  keepOffline();
} else {
  part("status").textContent = text("no-ed25519");
}
root.dataset.ready = "yes";
