// Says what was found: words, a picture, a sound, a shake; never colour alone.
const TONES = { good: [[880, 0], [1320, 0.12]], look: [[660, 0]], bad: [[220, 0], [180, 0.25]] };
let sound, awake, turn = 0;

export function wake() {
  sound ??= new AudioContext(); // browsers allow sound after the first touch
  awake = sound.resume(); // the first time this takes as long as a check of a ticket (8 ms of 10)
  turn += 1;
}

async function play(tone) {
  navigator.vibrate?.(tone === "bad" ? [200, 100, 200] : 80);
  const mine = turn;
  await awake;
  if (!sound || mine !== turn) return; // the next ticket is shown already, and has a sound of its own
  for (const [pitch, after] of TONES[tone]) {
    const voice = sound.createOscillator(), loudness = sound.createGain(), at = sound.currentTime + after;
    voice.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.2, at);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + (tone === "bad" ? 0.5 : 0.2));
    voice.connect(loudness).connect(sound.destination);
    voice.start(at);
    voice.stop(at + 0.5);
  }
}

export function words(root) {
  const template = (kind, name) => root.querySelector(`template[data-${kind}="${CSS.escape(name)}"]`)?.content;
  const text = (name, value = "") => template("text", name).textContent.replace("*", value);
  // Codes are for machines: a category that this facility has not is not named at all. A facility has at least its code.
  const of = (code) => {
    const found = template("category", code);
    return { name: found?.querySelector("[data-name]").textContent ?? "", check: found?.querySelector("[data-check]").textContent ?? "" };
  };
  const facilityName = (code) => template("facility", code)?.textContent ?? code;

  // Shows a state with its facts in place; `buttons` are [text, what to do].
  function say(result, state, facts = {}, buttons = []) {
    const source = root.querySelector(`template[data-say="${state}"]`), shown = source.content.cloneNode(true);
    for (const slot of shown.querySelectorAll("[data-slot]")) slot.textContent = facts[slot.dataset.slot] ?? "";
    for (const part of shown.querySelectorAll("[data-if]")) if (!facts[part.dataset.if]) part.remove();
    const moves = document.createElement("p");
    moves.className = "toolbar";
    for (const [label, act, kind = "solid-fill"] of buttons) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "dads-button", textContent: label, onclick: act });
      button.dataset.type = kind;
      button.dataset.size = "lg";
      moves.append(button);
    }
    result.className = `gate__result gate__result--${source.dataset.tone}`;
    result.dataset.state = state;
    result.replaceChildren(shown, ...(buttons.length ? [moves] : []));
    play(source.dataset.tone);
  }
  // As before the first scan: what was shown is over, and nothing sounds.
  function rest(result) {
    result.className = "gate__result";
    delete result.dataset.state;
    result.replaceChildren(root.querySelector("template[data-idle]").content.cloneNode(true));
  }
  return { say, rest, text, of, facilityName };
}
