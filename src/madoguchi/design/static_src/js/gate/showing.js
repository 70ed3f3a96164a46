// Tells a ticket that is shown from one that only flickers: a hand moves, and the reader misses a frame or two.
const GONE_MILLISECONDS = 5_000;

// Whether a code in sight is shown anew: not within so long of its last sight. All codes in that time are remembered,
// since a sheet with two tickets gives now one, now the other.
export function showings(gone = GONE_MILLISECONDS) {
  const seen = new Map();
  return (text, at) => {
    for (const [old, last] of seen) if (at - last >= gone) seen.delete(old);
    const isNew = !seen.has(text);
    seen.set(text, at);
    return isNew;
  };
}
