// The code editor of the rule workshop. The textarea stays the form's field; without this script it is the editor.
// The editor lives in a shadow root, where its styles are constructed sheets: the content policy allows no inline style.

import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, foldGutter, foldKeymap, foldService, indentOnInput, indentUnit } from "@codemirror/language";
import { lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { Checker } from "./check.mjs";
import { completion, hover } from "./help.mjs";
import { colours, rhai } from "./language.mjs";

const PHRASES = {
  Find: "Tìm", Replace: "Thay bằng", next: "tiếp", previous: "trước", all: "tất cả", "match case": "phân biệt hoa thường",
  "by word": "cả từ", regexp: "biểu thức", replace: "thay", "replace all": "thay hết", close: "đóng",
  "current match": "đang chọn", "Go to line": "Đến dòng", go: "đến", "Fold line": "Thu gọn", "Unfold line": "Mở ra",
  Diagnostics: "Lỗi và lưu ý", "No diagnostics": "Không có lỗi", Completions: "Gợi ý", "Control character": "Ký tự điều khiển",
};

const LOOK = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--card)", fontSize: "0.93rem", border: "1px solid var(--control)", borderRadius: "6px" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: '"Thuoc Mono", ui-monospace, monospace', lineHeight: "1.6", minHeight: "24rem", maxHeight: "68vh", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", paddingBlock: "8px" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--accent-soft)" },
  ".cm-gutters": { backgroundColor: "var(--sunk)", color: "var(--muted)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent-soft) 45%, transparent)" },
  ".cm-matchingBracket": { backgroundColor: "var(--gold-soft)", outline: "1px solid var(--gold)" },
  ".cm-tooltip": { backgroundColor: "var(--card)", color: "var(--ink)", border: "1px solid var(--line-strong)", borderRadius: "6px", boxShadow: "var(--shade)", maxWidth: "34rem" },
  ".cm-help, .cm-completionInfo": { padding: "8px 12px", fontFamily: "inherit", lineHeight: "1.5" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { color: "inherit", opacity: "0.75" },
  ".cm-panels": { backgroundColor: "var(--sunk)", color: "var(--ink)", borderColor: "var(--line)" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--card)", color: "var(--ink)", border: "1px solid var(--control)", borderRadius: "4px" },
  ".cm-textfield": { backgroundColor: "var(--card)", color: "var(--ink)", border: "1px solid var(--control)", borderRadius: "4px" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--sunk)", border: "0", color: "var(--muted)" },
});

/** A declaration folds behind its first line. */
const folding = foldService.of((state, from, to) => {
  if (!/^[a-z_]+\(/.test(state.sliceDoc(from, to))) return null;
  const end = state.doc.toString().indexOf(";", from);
  return end > to ? { from: to, to: end } : null;
});

function vocabulary() {
  const element = document.getElementById("rule-vocabulary");
  return element ? JSON.parse(element.textContent) : { words: [], names: [] };
}

function mount(field) {
  const known = vocabulary();
  const place = document.createElement("div");
  const status = Object.assign(document.createElement("p"), { className: "editor-status muted", ariaLive: "polite" });
  const list = Object.assign(document.createElement("ul"), { className: "editor-findings" });
  field.after(place, status, list);
  field.hidden = true;
  const root = place.attachShadow({ mode: "open" });
  const checker = new Checker(field.dataset.checkUrl, status, list);
  const label = document.querySelector(`label[for="${field.id}"]`)?.textContent ?? "";
  let leaving = false;
  const save = () => {
    const button = field.form?.querySelector('button[value="save"]');
    if (button) field.form.requestSubmit(button);
    return true;
  };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: field.value,
      extensions: [
        lineNumbers(), foldGutter(), folding, highlightActiveLine(), highlightActiveLineGutter(), history(), drawSelection(),
        indentOnInput(), bracketMatching(), closeBrackets(), highlightSelectionMatches(), search({ top: true }),
        indentUnit.of("    "), EditorState.tabSize.of(4), EditorState.readOnly.of(field.readOnly), EditorView.lineWrapping,
        EditorState.phrases.of(PHRASES), rhai(new Set(known.words.map(({ name }) => name))), colours, LOOK,
        completion(known), hover(known), checker.extension(),
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", "aria-description": "Nhấn Esc rồi Tab để rời khung soạn thảo." }),
        EditorView.updateListener.of((update) => update.docChanged && (field.value = update.state.doc.toString())),
        keymap.of([{ key: "Mod-s", run: save }, ...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...lintKeymap, ...defaultKeymap, indentWithTab]),
      ],
    }),
  });
  const before = field.value;
  field.form?.addEventListener("submit", () => (leaving = true));
  addEventListener("beforeunload", (event) => {
    if (!leaving && field.value !== before) event.preventDefault();
  });
  if (!field.readOnly) checker.now(view);
}

document.querySelectorAll("textarea[data-rule-editor]").forEach(mount);
