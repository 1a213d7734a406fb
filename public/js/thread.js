// An open thread: the next page is added below the last post, and news of replies is shown without moving anything.

import { times } from "./times.js";
import { sharing } from "./write.js";

export function thread(page) {
  const posts = page.querySelector('[data-thread]');
  if (!posts) return;

  let shown = location.pathname + location.search;
  page.addEventListener('click', async (event) => {
    const link = event.target.closest('[data-thread] > .pager [rel=next]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    link.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(link.href);
      if (!answer.ok) throw new Error(answer.status);
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
      times(next);
      sharing(next);
      const pager = link.closest('.pager');
      const first = next.querySelector('article.post');
      // A browser that holds what stands below in its place would take the window along.
      const root = page.documentElement;
      root.classList.add('held');
      pager.before(...next.querySelectorAll('article.post'));
      pager.replaceWith(...next.querySelectorAll('.pager'));
      const here = page.querySelector('.rail'), there = next.querySelector('.rail');
      if (here && there) here.replaceWith(there);
      history.pushState(null, '', link.href);
      shown = location.pathname + location.search;
      first.tabIndex = -1;
      first.focus({ preventScroll: true });
      requestAnimationFrame(() => requestAnimationFrame(() => root.classList.remove('held')));
    } catch { location.href = link.href; }
  });
  // Going back shows the page of that address, as it would without scripts.
  addEventListener('popstate', () => { if (location.pathname + location.search !== shown) location.reload(); });

  const bar = page.querySelector('.news');
  if (!bar || !window.EventSource) return;
  const line = new EventSource(`${posts.dataset.thread}/events?after=${posts.dataset.last}`);
  line.onmessage = ({ data }) => {
    const { text, href } = JSON.parse(data);
    const link = page.createElement('a');
    link.href = href;
    link.textContent = text;
    // The same page with another mark would not be loaded again.
    link.onclick = () => { if (link.pathname + link.search === location.pathname + location.search) setTimeout(() => location.reload()); };
    bar.replaceChildren(link);
    bar.hidden = false;
  };
  addEventListener('pagehide', () => line.close());
}
