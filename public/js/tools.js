// data-tools="id" on a row of buttons: each puts its marks around what is selected, or before each of its lines. With
// Ctrl (or Command) and the letter of data-key the same from the keyboard.
const put = (text, words, from, to) => {
  text.setRangeText(words, from, to, 'end');
  text.dispatchEvent(new Event('input', { bubbles: true }));
};

function around(text, before, after) {
  const { selectionStart: from, selectionEnd: to, value } = text;
  const chosen = value.slice(from, to);
  const marked = value.slice(from - before.length, from) === before && value.slice(to, to + after.length) === after;
  if (marked) put(text, chosen, from - before.length, to + after.length);
  else put(text, before + chosen + after, from, to);
  const start = marked ? from - before.length : from + before.length;
  text.setSelectionRange(start, start + chosen.length);
}

function lines(text, mark) {
  const from = text.value.lastIndexOf('\n', text.selectionStart - 1) + 1;
  const to = text.selectionEnd;
  const chosen = text.value.slice(from, to).split('\n');
  const all = chosen.every((line) => line.startsWith(mark));
  put(text, chosen.map((line) => (all ? line.slice(mark.length) : mark + line)).join('\n'), from, to);
}

export function tools(page) {
  for (const row of page.querySelectorAll('[data-tools]')) {
    const text = page.getElementById(row.dataset.tools);
    if (!text) continue;
    row.hidden = false;
    const use = (button) => {
      const { around: marks, lines: mark } = button.dataset;
      text.focus();
      if (mark) lines(text, mark);
      else around(text, ...marks.split(' ').slice(0, 2));
    };
    row.addEventListener('click', (event) => { const button = event.target.closest('button'); if (button) use(button); });
    text.addEventListener('keydown', (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      const button = row.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (!button) return;
      event.preventDefault();
      use(button);
    });
  }
}
