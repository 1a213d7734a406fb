// The switch in the footer, without a page load. The server keeps the choice in its cookie either way.
export function theme(page) {
  const form = page.querySelector('[data-theme-form]');
  form?.addEventListener('submit', (event) => {
    const chosen = event.submitter;
    if (!chosen) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    body.set('theme', chosen.value);
    fetch(form.action, { method: 'POST', body, redirect: 'manual' }).then((answer) => {
      if (answer.status >= 400) throw new Error(`theme: ${answer.status}`);
    }).catch(() => form.submit());
    if (chosen.value) page.documentElement.dataset.theme = chosen.value;
    else delete page.documentElement.dataset.theme;
    for (const button of form.querySelectorAll('button')) button.setAttribute('aria-pressed', String(button === chosen));
  });
}
