"""What is run in a page: before its own scripts, to learn when it is quiet, to act, and to read it."""

from __future__ import annotations

BEFORE = """
(() => {
  const made = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) { return made.call(this, {...init, mode: 'open'}); };
  if (navigator.serviceWorker) navigator.serviceWorker.register = () => Promise.reject(new Error('none'));
  window.open = () => null;
  window.print = () => undefined;
})()
"""
"""Closed shadow trees are read like open ones, and nothing outlives the page."""

QUIET = """
(quiet, most) => new Promise(done => {
  let timer = setTimeout(done, quiet);
  setTimeout(done, most);
  new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(done, quiet); })
    .observe(document, {subtree: true, childList: true, characterData: true});
})
"""
"""Waits by the page's own clock: what is set to happen sooner has happened, however slow the machine."""

PRESS = """
selector => {
  const roots = [document];
  for (let root; (root = roots.pop());) {
    const found = root.querySelector(selector);
    if (found) { found.click(); return true; }
    for (const each of root.querySelectorAll('*')) if (each.shadowRoot) roots.push(each.shadowRoot);
  }
  return false;
}
"""
"""Presses the first element that a selector names; false where there is none."""

SCROLL = """
() => {
  const page = document.scrollingElement || document.documentElement;
  page.scrollTop = page.scrollHeight;
  window.dispatchEvent(new Event('scroll'));
  return page.scrollHeight;
}
"""
"""Goes to the end; returns how long the page is."""

READ = """
most => {
  const inert = document.implementation.createHTMLDocument('');
  const root = inert.importNode(document.documentElement, false);
  const waiting = [[document.documentElement, root]];
  for (let pair; (pair = waiting.pop());) {
    const [from, into] = pair;
    const inside = from.shadowRoot || (from.localName === 'template' ? null : from);
    if (!inside) continue;
    let kids = inside.childNodes;
    if (from.localName === 'slot' && from.assignedNodes) {
      const given = from.assignedNodes();
      if (given.length) kids = given;
    }
    for (const kid of kids) {
      if (kid.nodeType !== 1 && kid.nodeType !== 3) continue;
      const copy = inert.importNode(kid, false);
      into.appendChild(copy);
      if (kid.nodeType === 1) waiting.push([kid, copy]);
    }
  }
  const html = '<!DOCTYPE html>\\n' + root.outerHTML;
  return html.length > most ? null : html;
}
"""
"""The page as it stands, shadow trees in their places; null where it is longer than so many characters."""
