// data-quick on a form: it is sent without leaving the page, and what the server made of it takes its place. The value
// is sent as `to`, so that the server answers with a page that holds little more than the form.
export function quick(page) {
  page.addEventListener('submit', async (event) => {
    const form = event.target;
    if (form.dataset?.quick === undefined || event.defaultPrevented) return;
    event.preventDefault();
    const pressed = event.submitter;
    const body = new URLSearchParams(new FormData(form, pressed));
    body.set('to', form.dataset.quick);
    try {
      const answer = await fetch(form.action, { method: 'POST', body });
      const made = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(form.id);
      if (!answer.ok || !made) throw new Error(answer.status);
      form.replaceWith(made);
      [...made.querySelectorAll('button')].find((button) => button.title === pressed?.title)?.focus();
    } catch {
      delete form.dataset.quick;
      delete form.dataset.sent;
      form.requestSubmit(pressed);
    }
  });
}
