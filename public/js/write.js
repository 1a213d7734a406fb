// Writing: a live preview by the server's own renderer, names and emoji completed, quotations by selecting text, and
// Ctrl+Enter. The rules live on the server alone; this only asks it more often.
import { word } from "./words.js";

const later = (ms, work) => {
  let wait;
  return () => { clearTimeout(wait); wait = setTimeout(() => work().catch(() => {}), ms); };
};
const put = (text, words, from = text.selectionStart, to = text.selectionEnd) => {
  text.setRangeText(words, from, to, 'end');
  text.dispatchEvent(new Event('input', { bubbles: true }));
};

function preview(text) {
  const area = document.createElement('section');
  area.className = 'panel';
  area.hidden = true;
  area.setAttribute('aria-label', word('preview'));
  text.closest('.field').after(area);
  let asked = 0;
  const look = later(700, async () => {
    const mine = ++asked;
    const body = new URLSearchParams(new FormData(text.form));
    if (!text.value.trim() && !body.get('title')) { area.hidden = true; return; }
    const answer = await fetch('/preview', { method: 'POST', body });
    if (!answer.ok || mine !== asked) return;
    const made = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-made]');
    area.innerHTML = made?.innerHTML ?? '';
    area.hidden = !area.textContent.trim();
  });
  text.form.addEventListener('input', look);
}

function completion(text) {
  const list = document.createElement('ul');
  list.className = 'complete plain';
  list.setAttribute('role', 'listbox');
  list.id = `${text.id}-complete`;
  list.hidden = true;
  text.after(list);
  text.setAttribute('aria-controls', list.id);
  const begun = () => /(^|[\s(])([@:])([\p{L}\p{N}_+.-]{1,30})$/u.exec(text.value.slice(0, text.selectionStart));
  const close = () => { list.hidden = true; list.replaceChildren(); };
  const take = (item) => {
    const match = begun();
    if (!match || !item) return;
    put(text, `${item.dataset.insert} `, text.selectionStart - match[3].length - 1, text.selectionStart);
    close();
    text.focus();
  };
  const look = later(150, async () => {
    const match = begun();
    if (!match || (match[2] === ':' && match[3].length < 2)) { close(); return; }
    const answer = await fetch(`/complete?kind=${match[2] === '@' ? 'member' : 'emoji'}&q=${encodeURIComponent(match[3])}`);
    const found = answer.ok ? await answer.json() : [];
    list.replaceChildren(...found.map(({ insert, label }, at) => {
      const item = document.createElement('li');
      Object.assign(item, { textContent: label, id: `${list.id}-${at}` });
      item.dataset.insert = insert;
      item.setAttribute('role', 'option');
      item.setAttribute('aria-selected', String(at === 0));
      return item;
    }));
    list.hidden = !found.length;
  });
  text.addEventListener('input', look);
  text.addEventListener('blur', () => setTimeout(close, 200));
  list.addEventListener('mousedown', (event) => { event.preventDefault(); take(event.target.closest('li')); });
  text.addEventListener('keydown', (event) => {
    // What is pressed with Ctrl is meant for the form, and what an input method takes for the input method.
    if (list.hidden || event.ctrlKey || event.metaKey || event.isComposing) return;
    const now = list.querySelector('[aria-selected=true]');
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter' || event.key === 'Tab') take(now);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = event.key === 'ArrowDown' ? now?.nextElementSibling : now?.previousElementSibling;
      if (next) { now.setAttribute('aria-selected', 'false'); next.setAttribute('aria-selected', 'true'); text.setAttribute('aria-activedescendant', next.id); }
    } else return;
    event.preventDefault();
  });
}

// Words of their own paragraph, where the cursor stands; in a text that nobody touched yet that is its end.
function place(text, words) {
  const at = text.dataset.touched === undefined ? text.value.length : text.selectionEnd;
  const before = text.value.slice(0, at);
  put(text, (before.trim() ? '\n\n'.slice(/\n{0,2}$/.exec(before)[0].length) : '') + words, at, at);
  text.focus();
}

function quoting(page, text) {
  text.addEventListener('focus', () => { text.dataset.touched = ''; });
  // The link leads to this page with the quotation in the box. It is fetched from there, so that what was typed stays.
  page.addEventListener('click', async (event) => {
    const link = event.target.closest('article.post a[href*="quote="]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    if (link.ariaBusy) return;
    link.ariaBusy = 'true';
    try {
      const answer = await fetch(link.href);
      const made = answer.ok && new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('body')?.value;
      if (!made) throw new Error(answer.status);
      place(text, made);
    } catch { location.href = link.href; }
    link.ariaBusy = null;
  });
  const button = document.createElement('button');
  Object.assign(button, { type: 'button', className: 'quote-this', hidden: true, textContent: word('quote') });
  document.body.append(button);
  let chosen = null;
  page.addEventListener('selectionchange', () => {
    const range = getSelection().rangeCount ? getSelection().getRangeAt(0) : null;
    const inside = range?.commonAncestorContainer.parentElement?.closest('article.post .post-text');
    chosen = inside && !range.collapsed ? { words: getSelection().toString().trim(), post: inside.closest('article.post') } : null;
    button.hidden = !chosen?.words;
    if (button.hidden) return;
    const place = range.getBoundingClientRect();
    button.style.setProperty('inset', `${scrollY + place.bottom + 6}px auto auto ${scrollX + Math.max(4, place.left)}px`);
  });
  button.addEventListener('mousedown', (event) => {
    event.preventDefault();
    if (!chosen) return;
    const { words, post } = chosen;
    const when = post.querySelector('.when');
    const name = post.querySelector('header .name').textContent.trim();
    const plain = (line) => line.replace(/[\\`*_[\]<>#|~]/g, '\\$&');
    const lines = words.split(/\n+/).map((line) => `> ${plain(line)}\n>\n`).join('').replace(/>\n$/, '');
    // Before the box has the cursor: this takes the cursor, too.
    getSelection().removeAllRanges();
    place(text, `> [${plain(name)} #${post.id.slice(5)}](${new URL(when.href).pathname}):\n${lines}\n`);
  });
}

export function writing(page) {
  const text = page.getElementById('body');
  if (text?.form?.elements.csrf) {
    preview(text);
    completion(text);
    if (page.getElementById('reply')) quoting(page, text);
    text.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); text.form.requestSubmit(); }
    });
  }
  sharing(page);
}

export function sharing(page) {
  // Without a safe connection a browser has neither; then there is the link above it to copy by hand.
  if (!navigator.share && !navigator.clipboard) return;
  for (const item of page.querySelectorAll('[data-share]')) {
    item.hidden = false;
    item.addEventListener('click', async () => {
      const url = new URL(item.dataset.share, location).href;
      const button = item.querySelector('button');
      try {
        if (navigator.share) await navigator.share({ url });
        else { await navigator.clipboard.writeText(url); button.textContent = word('copied'); }
      } catch (error) {
        // Whoever closed the sheet of their device knows that nothing was shared.
        if (error.name !== 'AbortError') button.textContent = word('copiedNot');
      }
    });
  }
}
