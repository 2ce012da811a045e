// What the server finds while the script is typed: marks in the text, a list below it, a line that says it all.

import { linter, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorView } from "@codemirror/view";

const QUIET = 500;

/** A place of the server (1-based, in characters) as an offset. 0 is the whole script. */
export function offset(doc, line, column) {
  if (line < 1 || line > doc.lines) return 0;
  const found = doc.line(line);
  const before = Array.from(found.text).slice(0, Math.max(0, column - 1)).join("");
  return Math.min(found.to, found.from + before.length);
}

const wordAt = (doc, from) => /^[\p{L}\p{N}_]+/u.exec(doc.sliceString(from, from + 60))?.[0].length ?? 1;

export class Checker {
  constructor(url, status, list) {
    Object.assign(this, { url, status, list, timer: 0, running: null });
  }

  extension() {
    return [
      lintGutter(),
      linter(null),
      EditorView.updateListener.of((update) => update.docChanged && this.later(update.view)),
    ];
  }

  later(view) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(view), QUIET);
  }

  async now(view) {
    this.running?.abort();
    const mine = (this.running = new AbortController());
    const source = view.state.doc.toString();
    try {
      const headers = { "content-type": "application/json", accept: "application/json" };
      const answer = await fetch(this.url, { method: "POST", headers, body: JSON.stringify({ source }), signal: mine.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      this.show(view, await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") this.status.textContent = "Không kiểm tra được lúc này; nội dung vẫn còn.";
    }
  }

  show(view, { diagnostics, failed_cases: failed, case_count: cases, summary }) {
    const { doc } = view.state;
    const marks = diagnostics.map(({ line, column, message, severity }) => {
      const from = offset(doc, line, column);
      return { from, to: Math.min(doc.length, from + wordAt(doc, from)), severity, message };
    });
    view.dispatch(setDiagnostics(view.state, marks));
    this.tell(diagnostics, failed, cases, summary);
    const items = diagnostics.map((found, position) => this.item(view, found, marks[position].from));
    this.list.replaceChildren(...items, ...failed.map((text) => plain(`Trường hợp thử không đạt: ${text}`)));
  }

  tell(diagnostics, failed, cases, summary) {
    const errors = diagnostics.filter(({ severity }) => severity === "error").length + failed.length;
    const warnings = diagnostics.length + failed.length - errors;
    const sum = summary ? `Tổng ${summary.sum}/${summary.total} · ${summary.indicators} chỉ số · ` : "";
    const count = [errors && `${errors} lỗi`, warnings && `${warnings} lưu ý`].filter(Boolean).join(", ");
    this.status.textContent = sum + (count || `Không có lỗi · ${cases} trường hợp thử đều đạt`);
  }

  item(view, { line, column, message, severity, indicator }, from) {
    const item = document.createElement("li");
    const jump = document.createElement("button");
    jump.type = "button";
    jump.className = severity === "error" ? "jump wrong" : "jump warned";
    const place = line > 0 ? `Dòng ${line}, cột ${column}: ` : "";
    jump.textContent = `${severity === "error" ? "Lỗi" : "Lưu ý"} · ${place}${indicator ? `${indicator}: ` : ""}${message}`;
    jump.addEventListener("click", () => {
      view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
      view.focus();
    });
    item.append(jump);
    return item;
  }
}

function plain(text) {
  const item = document.createElement("li");
  item.className = "wrong";
  item.textContent = text;
  return item;
}
