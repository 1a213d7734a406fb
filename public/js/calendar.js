// The calendar: what has not left can be dragged to another day; the hour stays. The same is done by the form beside each plan.
export function calendar(page) {
  const form = page.querySelector('[data-move]');
  if (!form) return;
  let carried = null;
  page.addEventListener('dragstart', (event) => {
    carried = event.target.closest?.('[data-wall]') ?? null;
    if (!carried) return;
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', carried.dataset.id);
    carried.classList.add('carried');
  });
  page.addEventListener('dragend', () => {
    carried?.classList.remove('carried');
    for (const day of page.querySelectorAll('.target')) day.classList.remove('target');
    carried = null;
  });
  for (const day of page.querySelectorAll('[data-day]')) {
    day.addEventListener('dragover', (event) => {
      if (!carried) return;
      event.preventDefault();
      day.classList.add('target');
    });
    day.addEventListener('dragleave', () => day.classList.remove('target'));
    day.addEventListener('drop', (event) => {
      if (!carried) return;
      event.preventDefault();
      const wall = `${day.dataset.day}T${carried.dataset.wall.slice(11)}`;
      if (wall === carried.dataset.wall) return;
      form.action = `/outreach/announcements/${carried.dataset.id}/schedule`;
      form.elements.wall.value = wall;
      form.requestSubmit();
    });
  }
}
