// Completion and hover from our own vocabulary and the names of the script itself.

import { autocompletion, snippetCompletion } from "@codemirror/autocomplete";
import { hoverTooltip } from "@codemirror/view";

const TEMPLATES = [
  ["indicator", 'indicator("${mã}", "${tên chỉ số}", ${10})\n    .input("${ten_so_lieu}", count("${tên gọi}"))\n    .formula("${ratio(a, b) * max}")\n    .evidence("${tài liệu kiểm chứng}");', "Chỉ số thành phần"],
  ["main_index", 'main_index("${mã}", "${tên}", ${50});', "Chỉ số chính"],
  ["group", 'group("${ma}", "${tên nhóm}", ${250});', "Nhóm chỉ số"],
  ["expect", '.expect("${trường hợp}", #{ ${so_lieu}: ${1} }, ${10})', "Trường hợp thử"],
];

/** The statement around a place, and whether the place is inside a formula's text. */
export function around(text, at) {
  const start = text.lastIndexOf(";", at - 1) + 1;
  const end = text.indexOf(";", at);
  const before = text.slice(start, at);
  const opened = [...before.matchAll(/\.(formula|warn)\(\s*(["`])/g)].pop();
  const rest = opened ? before.slice(opened.index + opened[0].length) : "";
  return { statement: text.slice(start, end < 0 ? undefined : end), inFormula: Boolean(opened) && !rest.includes(opened[2]) };
}

/** Names declared in the script as it is typed, with their labels. */
export function declared(text, statement) {
  const found = (source, call, kind) =>
    [...source.matchAll(new RegExp(`(?:^|[\\s.;])${call}\\(\\s*"([^"]+)"\\s*,[^"]*(?:"([^"]*)")?`, "g"))].map(([, name, help]) => ({ name, help: help ?? "", kind }));
  return [...found(statement, "input", "input"), ...found(text, "fact", "fact"), ...found(text, "param", "param")];
}

const option = ({ name, signature, help, kind }) => ({ label: name, detail: signature && signature !== name ? signature : "", info: help, type: kind ?? "function" });

export function completion(vocabulary) {
  const source = (context) => {
    const word = context.matchBefore(/[\p{L}_.][\p{L}\p{N}_]*/u);
    if (!word && !context.explicit) return null;
    const text = context.state.doc.toString();
    const { statement, inFormula } = around(text, context.pos);
    const from = word ? word.from + (word.text.startsWith(".") ? 1 : 0) : context.pos;
    const place = inFormula ? "formula" : "definition";
    const words = vocabulary.words.filter((known) => known.place === place).map(option);
    const max = { name: "max", help: "Điểm tối đa của chỉ số.", kind: "param" };
    const names = inFormula ? [...declared(text, statement), max].map(option) : [];
    const templates = inFormula ? [] : TEMPLATES.map(([label, body, detail]) => snippetCompletion(body, { label, detail: `${detail} (mẫu)`, type: "text" }));
    return { from, options: [...names, ...words, ...templates], validFor: /^[\p{L}\p{N}_]*$/u };
  };
  return autocompletion({ override: [source], icons: false });
}

export const hover = (vocabulary) =>
  hoverTooltip((view, at) => {
    const line = view.state.doc.lineAt(at);
    const word = [...line.text.matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)].find(({ index, 0: text }) => index <= at - line.from && at - line.from <= index + text.length);
    if (!word) return null;
    const text = view.state.doc.toString();
    const names = [...declared(text, around(text, at).statement), ...vocabulary.words, ...vocabulary.names];
    const known = names.find(({ name }) => name === word[0]);
    if (!known) return null;
    const create = () => {
      const dom = document.createElement("div");
      dom.className = "cm-help";
      const head = document.createElement("code");
      head.textContent = known.signature ?? known.name;
      dom.append(head, document.createElement("br"), known.help);
      return { dom };
    };
    return { pos: line.from + word.index, end: line.from + word.index + word[0].length, above: true, create };
  });
