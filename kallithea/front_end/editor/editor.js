// The editor of files. It takes the place of <textarea data-editor>, which stays in the form and gets the text back when
// the form is sent; data-editor="unsaved" says that the text was sent before and is stored nowhere. What the editor says
// is in data-hint and, as JSON, in data-phrases. It lives in a shadow root: there its style sheets are objects, which the
// content security policy allows, instead of elements, which it does not.

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState } from "@codemirror/state";
import {
  crosshairCursor,
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { loadLanguage } from "./languages.js";

const TAB_WIDTH = 8;

// The colours are those of the pages, in both themes.
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier, tags.tagName], color: "var(--s-kw)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.attributeValue], color: "var(--s-str)" },
  { tag: [tags.number, tags.bool, tags.escape], color: "var(--s-num)" },
  { tag: [tags.function(tags.variableName), tags.attributeName, tags.propertyName], color: "var(--s-fn)" },
  { tag: [tags.className, tags.typeName, tags.namespace], color: "var(--s-cls)" },
  { tag: [tags.meta, tags.annotation, tags.processingInstruction], color: "var(--s-dec)" },
  { tag: [tags.atom, tags.standard(tags.name), tags.self, tags.null], color: "var(--s-bi)" },
  { tag: tags.comment, color: "var(--s-com)", fontStyle: "italic" },
  { tag: tags.heading, fontWeight: "600" },
  { tag: tags.strong, fontWeight: "600" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.link, textDecoration: "underline" },
  { tag: tags.invalid, color: "var(--k-bad)" },
]);

const theme = EditorView.theme({
  "&": {
    backgroundColor: "var(--k-surface)",
    color: "var(--k-ink)",
    border: "1px solid var(--k-line-ctl)",
    borderRadius: "var(--k-r)",
    maxHeight: "65vh",
    fontSize: "var(--k-code-fs)",
  },
  "&.cm-focused": { outline: "2px solid var(--k-focus)" },
  ".cm-scroller": { fontFamily: "var(--k-mono)", lineHeight: "1.25rem", overflow: "auto" },
  ".cm-content, .cm-gutter": { minHeight: "16rem" },
  ".cm-content": { caretColor: "var(--k-ink)" },
  ".cm-cursor": { borderLeftColor: "var(--k-ink)" },
  ".cm-gutters": { backgroundColor: "var(--k-sunken)", color: "var(--k-ink-3)", borderRight: "1px solid var(--k-line)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--k-sel) 60%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--k-hover)" },
  "& .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: "var(--k-accent-tint)",
  },
  ".cm-searchMatch": { backgroundColor: "var(--k-mark)" },
  ".cm-panels": { backgroundColor: "var(--k-sunken)", color: "var(--k-ink)" },
  ".cm-textfield, .cm-button": {
    backgroundColor: "var(--k-surface)",
    backgroundImage: "none",
    color: "var(--k-ink)",
    border: "1px solid var(--k-line-ctl)",
  },
  ".cm-tooltip": { backgroundColor: "var(--k-pop)", color: "var(--k-ink)", border: "1px solid var(--k-line-2)" },
});

// What the editor can do: CodeMirror's basicSetup without completion, checks and folding, which files are edited without here.
const ABILITIES = [
  lineNumbers(),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  history(),
  drawSelection(),
  dropCursor(),
  EditorState.allowMultipleSelections.of(true),
  indentOnInput(),
  bracketMatching(),
  rectangularSelection(),
  crosshairCursor(),
  highlightActiveLine(),
  keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
];

// What finds a text comes when it is first asked for; then it has keys of its own.
const finding = new Compartment();
const openFind = (view) => {
  import("@codemirror/search").then(({ highlightSelectionMatches, openSearchPanel, searchKeymap }) => {
    view.dispatch({ effects: finding.reconfigure([keymap.of(searchKeymap), highlightSelectionMatches()]) });
    openSearchPanel(view);
  });
  return true;
};

// What one step of indentation is in this text.
function findIndent(text) {
  if (/^\t/m.test(text)) return "\t";
  const first = text.match(/^( {2,8})\S/m);
  return first ? first[1] : "    ";
}

function edit(area) {
  const path = area.form.querySelector("[name=path]");
  const host = document.createElement("div");
  host.className = "k-editor";
  const root = host.attachShadow({ mode: "open" });
  const language = new Compartment();
  const view = new EditorView({
    state: EditorState.create({
      doc: area.value,
      extensions: [
        ABILITIES,
        finding.of(keymap.of([{ key: "Mod-f", run: openFind }])),
        language.of([]),
        syntaxHighlighting(colours),
        theme,
        indentUnit.of(findIndent(area.value)),
        EditorState.tabSize.of(TAB_WIDTH),
        EditorState.phrases.of(JSON.parse(area.dataset.phrases)),
        // without a number, programs that look for what the keyboard reaches pass over it
        EditorView.contentAttributes.of({ "aria-label": area.labels[0].textContent, tabindex: "0" }),
      ],
    }),
    parent: root,
    root,
  });
  const begun = view.state.doc;
  const isSaved = () => sent || (area.dataset.editor !== "unsaved" && view.state.doc.eq(begun));
  let sent = false;
  const useLanguage = async () => {
    const found = await loadLanguage(path.value);
    view.dispatch({ effects: language.reconfigure(found) });
  };

  const hint = document.createElement("div");
  hint.className = "form-text";
  hint.textContent = area.dataset.hint;
  area.before(host, hint);
  area.hidden = true;
  area.labels[0].addEventListener("click", () => view.focus());
  path.addEventListener("change", useLanguage);
  area.form.addEventListener("submit", () => {
    area.value = view.state.doc.toString();
    sent = true;
  });
  addEventListener("pageshow", () => (sent = false));
  addEventListener("beforeunload", (event) => {
    if (!isSaved()) event.preventDefault();
  });
  useLanguage();
}

document.querySelectorAll("textarea[data-editor]").forEach(edit);
