// "12 minutes ago" that stays true while the page is open. Plain dates and <time data-abs> are left as the server wrote them.
const STEPS = [['minute', 60], ['hour', 3600], ['day', 86400]];

export function times(page) {
  const all = [...page.querySelectorAll('time[datetime*="T"]:not([data-abs])')];
  if (!all.length) return;
  const lang = page.documentElement.lang || undefined;
  const relative = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' });
  const full = new Intl.DateTimeFormat(lang, { dateStyle: 'full', timeStyle: 'short' });
  for (const time of all) if (!time.title) time.title = full.format(new Date(time.dateTime));
  const tick = () => {
    for (const time of all) {
      const seconds = (new Date(time.dateTime) - Date.now()) / 1000;
      const age = Math.abs(seconds);
      if (Number.isNaN(age) || age > 6 * 86400) continue;
      const [unit, size] = STEPS.findLast(([, s]) => age >= s) ?? ['minute', 60];
      time.textContent = relative.format(Math.trunc(seconds / size), unit);
    }
  };
  tick();
  setInterval(() => { if (!page.hidden) tick(); }, 60000);
}
