// Nominating: selecting words in the post sets the from and to sentence, and where less than whole sentences was marked,
// the exact words. The chosen run is shown marked.
const folded = (text) => text.replace(/\s+/g, ' ').trim();
const words = (part) => {
  for (const number of part.querySelectorAll('sup')) number.remove();
  return folded(part.textContent);
};

export function excerpts(page) {
  for (const text of page.querySelectorAll('[data-sentences]')) {
    const [from, to] = text.dataset.sentences.split(' ').map((id) => page.getElementById(id));
    const exact = page.getElementById(text.dataset.excerpt ?? '');
    const sentences = [...text.querySelectorAll('[data-s]')];
    if (!from || !to || !sentences.length) continue;
    const paint = () => {
      if (Number(to.value) < Number(from.value)) to.value = from.value;
      for (const sentence of sentences) {
        const at = Number(sentence.dataset.s);
        sentence.classList.toggle('picked', at >= Number(from.value) && at <= Number(to.value));
      }
    };
    for (const select of [from, to]) {
      select.addEventListener('change', () => {
        if (exact) exact.value = '';
        paint();
      });
    }
    const take = () => {
      const chosen = getSelection();
      if (!chosen.rangeCount || chosen.isCollapsed) return;
      const range = chosen.getRangeAt(0).cloneRange();
      if (!text.contains(range.startContainer)) range.setStart(text, 0);
      if (!text.contains(range.endContainer)) range.setEnd(text, text.childNodes.length);
      const hit = sentences.filter((sentence) => range.intersectsNode(sentence));
      if (!hit.length) return;
      from.value = hit[0].dataset.s;
      to.value = hit.at(-1).dataset.s;
      if (exact) {
        const marked = words(range.cloneContents());
        const whole = folded(hit.map((sentence) => words(sentence.cloneNode(true))).join(' '));
        exact.value = marked === whole ? '' : marked;
      }
      paint();
    };
    text.addEventListener('pointerup', () => setTimeout(take));
    text.addEventListener('keyup', take);
    paint();
  }
}
