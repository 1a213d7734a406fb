// Nominating: selecting words in the post sets the from and to sentence, and the chosen run is shown marked.
export function excerpts(page) {
  for (const text of page.querySelectorAll('[data-sentences]')) {
    const [from, to] = text.dataset.sentences.split(' ').map((id) => page.getElementById(id));
    const sentences = [...text.querySelectorAll('[data-s]')];
    if (!from || !to || !sentences.length) continue;
    const paint = () => {
      if (Number(to.value) < Number(from.value)) to.value = from.value;
      for (const sentence of sentences) {
        const at = Number(sentence.dataset.s);
        sentence.classList.toggle('picked', at >= Number(from.value) && at <= Number(to.value));
      }
    };
    for (const select of [from, to]) select.addEventListener('change', paint);
    const take = () => {
      const chosen = getSelection();
      if (!chosen.rangeCount || chosen.isCollapsed) return;
      const range = chosen.getRangeAt(0);
      const hit = sentences.filter((sentence) => range.intersectsNode(sentence));
      if (!hit.length) return;
      from.value = hit[0].dataset.s;
      to.value = hit.at(-1).dataset.s;
      paint();
    };
    text.addEventListener('pointerup', () => setTimeout(take));
    text.addEventListener('keyup', take);
    paint();
  }
}
