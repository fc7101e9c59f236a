// Which language a file is written in, by its name. Each is a file of its own, loaded when it is needed.

import { LanguageSupport, StreamLanguage } from "@codemirror/language";

const old = (load, name) => async () => new LanguageSupport(StreamLanguage.define((await load())[name]));

const html = async () => (await import("@codemirror/lang-html")).html();
const script = (options) => async () => (await import("@codemirror/lang-javascript")).javascript(options);
const shell = old(() => import("@codemirror/legacy-modes/mode/shell"), "shell");
const ruby = old(() => import("@codemirror/legacy-modes/mode/ruby"), "ruby");
const clike = (name) => old(() => import("@codemirror/legacy-modes/mode/clike"), name);

const LANGUAGES = [
  [/\.(py|pyi|pyw|wsgi)$/, async () => (await import("@codemirror/lang-python")).python()],
  [/\.(js|mjs|cjs|jsx)$/, script({ jsx: true })],
  [/\.(ts|mts|cts)$/, script({ typescript: true })],
  [/\.tsx$/, script({ jsx: true, typescript: true })],
  [/\.(html?|xhtml|mako)$/, html],
  [/\.css$/, async () => (await import("@codemirror/lang-css")).css()],
  [/\.(json|ipynb|webmanifest)$/, async () => (await import("@codemirror/lang-json")).json()],
  [/\.(md|markdown|mdown|mkd)$/, async () => (await import("@codemirror/lang-markdown")).markdown()],
  [/\.(xml|svg|xsd|xsl|xslt)$/, async () => (await import("@codemirror/lang-xml")).xml()],
  [/\.ya?ml$/, async () => (await import("@codemirror/lang-yaml")).yaml()],
  [/\.sql$/, async () => (await import("@codemirror/lang-sql")).sql()],
  [/\.rs$/, async () => (await import("@codemirror/lang-rust")).rust()],
  [/\.(c|h|cc|cpp|cxx|hh|hpp|hxx)$/, async () => (await import("@codemirror/lang-cpp")).cpp()],
  [/\.java$/, async () => (await import("@codemirror/lang-java")).java()],
  [/\.php$/, async () => (await import("@codemirror/lang-php")).php()],
  [/\.go$/, async () => (await import("@codemirror/lang-go")).go()],
  [/\.(cs)$/, clike("csharp")],
  [/\.(kt|kts)$/, clike("kotlin")],
  [/\.(scala)$/, clike("scala")],
  [/\.(sh|bash|zsh|ksh)$/, shell],
  [/\.(rb|rake|gemspec)$/, ruby],
  [/\.(pl|pm|t)$/, old(() => import("@codemirror/legacy-modes/mode/perl"), "perl")],
  [/\.lua$/, old(() => import("@codemirror/legacy-modes/mode/lua"), "lua")],
  [/\.(hs|lhs)$/, old(() => import("@codemirror/legacy-modes/mode/haskell"), "haskell")],
  [/\.(diff|patch)$/, old(() => import("@codemirror/legacy-modes/mode/diff"), "diff")],
  [/\.(ini|cfg|conf|properties|hgrc|gitconfig)$/, old(() => import("@codemirror/legacy-modes/mode/properties"), "properties")],
  [/\.toml$/, old(() => import("@codemirror/legacy-modes/mode/toml"), "toml")],
  [/\.(tex|sty|ltx)$/, old(() => import("@codemirror/legacy-modes/mode/stex"), "stex")],
  [/\.cmake$|^CMakeLists\.txt$/, old(() => import("@codemirror/legacy-modes/mode/cmake"), "cmake")],
  [/^Dockerfile$|\.dockerfile$/, old(() => import("@codemirror/legacy-modes/mode/dockerfile"), "dockerFile")],
  [/^(Gemfile|Rakefile)$/, ruby],
];

// The support for a file's language; nothing for one that is not known, or that could not be loaded.
export async function loadLanguage(path) {
  const name = path.split("/").pop();
  const found = LANGUAGES.find(([pattern]) => pattern.test(name));
  try {
    return found ? await found[1]() : [];
  } catch {
    return [];
  }
}
