// Given the HTML of a page or of a part of one: what is in it that no template of ours has, and all its words.
// A document that is parsed so runs no script and loads nothing.
(html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const problems = [];
  const ours = (address) => /^[/](?![/\\])/.test(address);
  const forbidden = new Set(
    "iframe frame frameset object embed applet base style template portal audio video source math foreignobject animate set image marquee".split(" "),
  );
  const actions = /^on|^(style|srcdoc|srcset|formaction|ping|background|contenteditable|poster)$|evil|["'<>=]/;
  // to run something, and to send a part of a page somewhere else
  const elsewhere = (name, value) =>
    name.startsWith("data-")
      ? /^\s*([a-z]+:)?[/\\]{2}/i.test(value) && !value.startsWith(`${location.origin}/`)
      : /^(xlink:)?(href|src|action|cite|data)$/.test(name) && /^[^/?#]*:/.test(value) && !/^(https?|mailto):/.test(value);

  for (const element of page.querySelectorAll("*")) {
    const name = element.localName.toLowerCase();
    const say = (problem) => problems.push(`${problem}: ${element.outerHTML.slice(0, 200)}`);
    const address = element.getAttribute("src") ?? element.getAttribute("action");
    if (forbidden.has(name) || /evil|-/.test(name)) say("element");
    if (["script", "img", "form"].includes(name) && address !== null && !ours(address)) say("elsewhere");
    if (name === "script" && (address === null || element.textContent)) say("script");
    if (name === "meta" && element.httpEquiv && !element.closest("noscript")) say("meta");
    if (name === "link" && !ours(element.getAttribute("href"))) say("link");
    for (const attribute of element.attributes) {
      if (actions.test(attribute.name)) say(`attribute ${attribute.name}`);
      if (elsewhere(attribute.name, attribute.value)) say(`address ${attribute.value}`);
    }
  }

  const all = [...page.querySelectorAll("*")];
  const words = [page.documentElement.textContent, ...all.flatMap((one) => [...one.attributes].map((it) => it.value))];
  // what a field holds is given back as it is
  for (const field of page.querySelectorAll("textarea, option")) field.remove();
  const seen = [page.documentElement.textContent, ...all.flatMap((one) => [one.title ?? "", one.getAttribute("alt") ?? ""])];
  const unseen = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
  for (const text of seen) {
    const found = unseen.exec(text);
    if (found) problems.push(`unseen sign: ${escape(text.slice(Math.max(found.index - 60, 0), found.index + 10))}`);
  }
  return { problems, text: words.join("\n") };
}
