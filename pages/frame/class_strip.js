(() => {
  if (window.satraceClass) return;
  window.satraceClass = true;
  const EVERY = 2000, PATIENCE = 15000;
  let ahead = 0, asked = 0, asking = false, pressed = '', pressedAt = 0, own = false;
  const two = (number) => String(number).padStart(2, '0');
  const written = (seconds) => {
    const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
    return `${hours ? hours + ':' : ''}${hours ? two(minutes) : minutes}:${two(seconds % 60)}`;
  };
  const count = () => {
    let ended = '';
    for (const place of document.querySelectorAll('[data-ends]')) {
      const left = Math.ceil(place.dataset.ends - (Date.now() + ahead) / 1000), over = left <= 0;
      const text = over ? place.dataset.over : place.dataset.left.replace('…', written(left));
      if (place.textContent !== text) place.textContent = text;
      place.classList.toggle('over', over);
      place.classList.toggle('soon', !over && left <= 60);
      if (over) ended = place.dataset.ends;
    }
    return ended;
  };
  // only between two runs: a click then would take the place of one that a person made
  const press = (news) => {
    const button = document.querySelector('.st-key-again-class button'), now = Date.now();
    const {testScriptState, testConnectionState} = document.querySelector('[data-testid="stApp"]').dataset;
    if (!button || testScriptState !== 'notRunning' || testConnectionState !== 'CONNECTED') return;
    if (pressed === news && now - pressedAt < PATIENCE) return;
    [pressed, pressedAt] = [news, now];
    own = true;
    button.click();
    own = false;
  };
  // a click of ours is none beside a form that lies open over the page: that one would close
  document.body.addEventListener('click', (event) => { if (own) event.stopPropagation(); });
  const ask = async (strip) => {
    asking = true;
    try {
      const about = new URLSearchParams({class: strip.dataset.class, work: strip.dataset.work});
      const answer = await fetch(new URL(`class-pulse?${about}`, document.baseURI), {redirect: 'error'});
      const {state, work, now} = await answer.json();
      ahead = now * 1000 - Date.now();
      strip.dataset.news = state === strip.dataset.state && (!strip.dataset.work || work === strip.dataset.work)
        ? '' : `${state} ${work}`;
    } catch { /* the server is away: the page says so itself, and it is asked again */ }
    asking = false;
  };
  const tick = () => {
    const strip = document.querySelector('[data-class]');
    if (!strip || document.hidden) return;
    const ended = count();
    if (ended && strip.dataset.ended !== ended) strip.dataset.news ||= strip.dataset.ended = ended;
    if (strip.dataset.news) press(strip.dataset.news);
    if (asking || Date.now() - asked < EVERY) return;
    asked = Date.now();
    ask(strip);
  };
  setInterval(tick, 500);
  document.addEventListener('visibilitychange', () => { asked = 0; tick(); });
})()
