(() => {
  if (window.satraceKeeps) return;
  window.satraceKeeps = true;
  const PAUSE = 1200, SURE = 10000, NAME = 'st-key-kept-';
  const typed = new Map();
  let composing = false, timer = 0, up = 0;
  const app = () => document.querySelector('[data-testid="stApp"]').dataset;
  const again = () => document.querySelector('.st-key-again-kept button');
  const leave = (field) => field.dispatchEvent(new FocusEvent('focusout', {bubbles: true}));
  const write = (field, text) => {
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set.call(field, text);
    field.dispatchEvent(new Event('input', {bubbles: true}));
  };
  const look = (place, one, now) => {
    const field = document.querySelector(`.${place} :is(input, textarea)`), usable = field && !field.disabled;
    if (one.lost && (!usable || !again() || now - up < PAUSE)) return;
    if (one.lost && field.value !== one.text) return write(field, one.text);
    if (one.lost) again().click();
    else if (!one.sent && usable) leave(field);
    one.lost = false;
    one.sent ||= now;
    if (now - one.sent > SURE) typed.delete(place);
  };
  const tick = (hurry) => {
    const now = Date.now(), connected = app().testConnectionState === 'CONNECTED';
    up = connected ? up || now : 0;
    for (const [place, one] of typed) {
      if (!connected) Object.assign(one, {lost: true, sent: 0});
      else if (!composing && (hurry || now - one.at >= PAUSE)) look(place, one, now);
    }
    if (!typed.size) timer = clearInterval(timer);
  };
  const typing = (event) => {
    const box = event.target.closest?.(`[class*="${NAME}"]`);
    if (!box || !event.target.matches('input, textarea')) return;
    composing = event.type !== 'compositionend' && (event.type === 'compositionstart' || event.isComposing);
    const place = [...box.classList].find((name) => name.startsWith(NAME));
    typed.set(place, {text: event.target.value, at: Date.now(), sent: 0, lost: false});
    timer ||= setInterval(tick, 300);
  };
  for (const name of ['input', 'compositionstart', 'compositionend']) document.addEventListener(name, typing, true);
  for (const name of ['visibilitychange', 'pagehide']) window.addEventListener(name, () => tick(true), true);
})()
