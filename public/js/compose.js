// The writing desk: while somebody types, the server is asked what it makes of the texts, and its answer is shown in place. The rules live there alone.
export function compose(page) {
  const form = page.querySelector('[data-compose]');
  if (!form) return;
  let wait;
  let asked = 0;
  const look = async () => {
    const mine = ++asked;
    const body = new URLSearchParams(new FormData(form));
    body.set('go', 'look');
    const answer = await fetch(form.action, { method: 'POST', body, redirect: 'manual' });
    if (!answer.ok || mine !== asked) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const area of page.querySelectorAll('[data-live]')) {
      const made = fresh.querySelector(`[data-live="${CSS.escape(area.dataset.live)}"]`);
      if (!made || area.contains(page.activeElement)) continue;
      if (area.innerHTML !== made.innerHTML) area.innerHTML = made.innerHTML;
      area.className = made.className;
    }
    // What nobody changed by hand follows the text for all channels.
    for (const text of page.querySelectorAll('textarea[data-follows]')) {
      const made = fresh.getElementById(text.id);
      if (made && text !== page.activeElement && made.hasAttribute('data-follows')) text.value = made.value;
    }
  };
  form.addEventListener('input', (event) => {
    if (event.target.name?.startsWith('text-')) event.target.removeAttribute('data-follows');
    clearTimeout(wait);
    wait = setTimeout(() => look().catch(() => {}), 500);
  });
}
