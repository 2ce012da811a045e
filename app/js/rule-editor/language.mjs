// Rhai as far as definition scripts and formulas use it.

import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";

const KEYWORDS = new Set(["let", "const", "if", "else", "switch", "for", "in", "while", "loop", "true", "false", "return"]);
const MARKERS = new Set(["na", "full", "nought", "error", "invalid"]);

/** Splits a line into tokens. `words` are the names of our own vocabulary. */
function tokenizer(words) {
  const inString = (quote) => (stream, state) => {
    while (!stream.eol()) {
      const char = stream.next();
      if (char === "\\") stream.next();
      else if (char === quote) {
        state.inside = null;
        return "string";
      }
    }
    return "string";
  };
  const inComment = (stream, state) => {
    if (stream.skipTo("*/")) {
      stream.match("*/");
      state.inside = null;
    } else stream.skipToEnd();
    return "comment";
  };
  return (stream, state) => {
    if (state.inside) return state.inside(stream, state);
    if (stream.eatSpace()) return null;
    if (stream.match("//")) {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.match("/*")) return (state.inside = inComment)(stream, state);
    const char = stream.peek();
    if (char === '"' || char === "`") {
      stream.next();
      return (state.inside = inString(char))(stream, state);
    }
    if (stream.match(/^\d[\d_]*(\.\d+)?/)) return "number";
    const word = stream.match(/^[\p{L}_][\p{L}\p{N}_]*/u);
    if (word) return KEYWORDS.has(word[0]) ? "keyword" : MARKERS.has(word[0]) ? "atom" : words.has(word[0]) ? "builtin" : "variableName";
    stream.next();
    return /[-+*/%<>=!&|?:]/.test(char) ? "operator" : "punctuation";
  };
}

export const rhai = (words) =>
  StreamLanguage.define({
    name: "rhai",
    startState: () => ({ inside: null }),
    copyState: (state) => ({ ...state }),
    token: tokenizer(words),
    tokenTable: { builtin: tags.standard(tags.variableName) },
    languageData: { commentTokens: { line: "//", block: { open: "/*", close: "*/" } }, closeBrackets: { brackets: ["(", "[", "{", '"', "`"] } },
  });

export const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
    { tag: tags.string, color: "var(--green)" },
    { tag: tags.number, color: "var(--blue)" },
    { tag: tags.keyword, color: "var(--red)" },
    { tag: tags.atom, color: "var(--gold)" },
    { tag: tags.standard(tags.variableName), color: "var(--accent)", fontWeight: "600" },
  ]),
);
