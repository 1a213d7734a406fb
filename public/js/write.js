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
    if (list.hidden) return;
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

function quoting(page, text) {
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
    const before = text.value && !text.value.endsWith('\n\n') ? '\n\n' : '';
    put(text, `${before}> [${plain(name)} #${post.id.slice(5)}](${new URL(when.href).pathname}):\n${lines}\n`, text.value.length, text.value.length);
    getSelection().removeAllRanges();
    text.focus();
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
  for (const item of page.querySelectorAll('[data-share]')) {
    item.hidden = false;
    item.addEventListener('click', async () => {
      const url = new URL(item.dataset.share, location).href;
      if (navigator.share) navigator.share({ url }).catch(() => {});
      else { await navigator.clipboard?.writeText(url); item.querySelector('button').textContent = word('copied'); }
    });
  }
}
