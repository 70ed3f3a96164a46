// What the phone keeps: the day's list, who entered here, and what is not yet told to the server.
const STORES = ["meta", "entered", "queue"];

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export async function open() {
  const request = indexedDB.open("madoguchi-gate", 1);
  request.onupgradeneeded = () => STORES.forEach((name) => request.result.createObjectStore(name));
  const db = await done(request);
  const store = (name, mode = "readonly") => db.transaction(name, mode).objectStore(name);

  return {
    get: (key) => done(store("meta").get(key)),
    set: (key, value) => done(store("meta", "readwrite").put(value, key)),
    entered: (key) => done(store("entered").get(key)),
    waiting: () => done(store("queue").getAll()),
    forget: async (keys) => {
      const queue = store("queue", "readwrite");
      await Promise.all(keys.map((key) => done(queue.delete(key))));
    },
    recent: async () => (await done(store("entered").getAll())).sort((a, b) => b.at - a.at),
    // One transaction: two windows of this phone cannot both admit a ticket. Gives who entered before, if anybody.
    admit: async (place, scan) => {
      const both = db.transaction(["entered", "queue"], "readwrite");
      const before = await done(both.objectStore("entered").get(place));
      if (before) return before;
      both.objectStore("entered").put({ ...scan, place }, place);
      both.objectStore("queue").put(scan, scan.key);
      await new Promise((resolve, reject) => { both.oncomplete = resolve; both.onabort = () => reject(both.error); });
      return null;
    },
    undo: async (place, scan) => {
      const both = db.transaction(["entered", "queue"], "readwrite");
      both.objectStore("entered").delete(place);
      both.objectStore("queue").put(scan, scan.key);
      await new Promise((resolve, reject) => { both.oncomplete = resolve; both.onabort = () => reject(both.error); });
    },
    // What happened before this moment is no longer needed here: the server has it.
    tidy: async (before) => {
      const old = (await done(store("entered").getAll())).filter((one) => one.at < before), kept = store("entered", "readwrite");
      await Promise.all(old.map((one) => done(kept.delete(one.place))));
    },
    note: (scan) => done(store("queue", "readwrite").put(scan, scan.key)),
  };
}
