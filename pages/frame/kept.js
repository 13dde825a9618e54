(() => {
  if (window.satraceKeeps) return;
  window.satraceKeeps = true;
  const PAUSE = 800, SURE = 10000, ARRIVED = 2000, NAME = 'st-key-kept-';
  const NOTED = 'satrace.typed', FRESH = 60000, WAIT = 30000;
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
    if (one.lost && !field && now - up > WAIT) typed.delete(place);
    if (one.lost && (!usable || !again() || now - up < PAUSE)) return;
    if (one.lost && field.value !== one.text) return write(field, one.text);
    if (one.noted) return typed.delete(place); // the field began with it: the server has it
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
    note();
    if (!typed.size) timer = clearInterval(timer);
  };
  // a tab that is loaded anew knows nothing any more but what was noted down for it
  const note = () => {
    const now = Date.now(), unsure = [...typed].filter(([, one]) => !one.sent || now - one.sent < ARRIVED);
    const fields = unsure.map(([place, one]) => [place, one.text]);
    if (fields.length) sessionStorage.setItem(NOTED, JSON.stringify({at: now, fields}));
    else sessionStorage.removeItem(NOTED);
  };
  const remember = () => {
    const {at, fields} = JSON.parse(sessionStorage.getItem(NOTED) ?? '{"at": 0, "fields": []}');
    for (const [place, text] of Date.now() - at < FRESH ? fields : [])
      typed.set(place, {text, at: 0, sent: 0, lost: true, noted: true});
    if (typed.size) timer = setInterval(tick, 300);
  };
  const typing = (event) => {
    const box = event.target.closest?.(`[class*="${NAME}"]`);
    if (!box || !event.target.matches('input, textarea')) return;
    composing = event.type !== 'compositionend' && (event.type === 'compositionstart' || event.isComposing);
    const place = [...box.classList].find((name) => name.startsWith(NAME));
    typed.set(place, {text: event.target.value, at: Date.now(), sent: 0, lost: false});
    note();
    timer ||= setInterval(tick, 300);
  };
  const left = (event) => {
    const box = event.target.closest?.(`[class*="${NAME}"]`);
    const one = box && typed.get([...box.classList].find((name) => name.startsWith(NAME)));
    if (one && !one.lost) one.sent ||= Date.now();
  };
  for (const name of ['input', 'compositionstart', 'compositionend']) document.addEventListener(name, typing, true);
  document.addEventListener('focusout', left, true);
  for (const name of ['visibilitychange', 'beforeunload', 'pagehide']) window.addEventListener(name, () => tick(true), true);
  remember();
})()
