// The words of the page's language; Japanese where a script does not know it.
export const inReadersLanguage = (words) => words[document.querySelector("#furigana") ? "easy" : document.documentElement.lang] ?? words.ja;
