(() => {
  if (window.satraceWall) return;
  window.satraceWall = true;
  const EVERY = 2000, PATIENCE = 15000;
  const KEYS = {ArrowRight: 'next', PageDown: 'next', ArrowLeft: 'previous', PageUp: 'previous', Home: 'first', End: 'last'};
  const FIELDS = 'input, textarea, [contenteditable=true], [role=combobox], [role=listbox], [role=dialog], [role=grid]';
  const wanted = [];
  let fitted = 0, moved = 0, asked = 0, asking = false, pressed = '', pressedAt = 0;
  const place = () => document.querySelector('[data-meeting]');
  const button = (name) => document.querySelector(`.st-key-review-${name} button`);
  const isIdle = () => {
    const {testScriptState, testConnectionState} = document.querySelector('[data-testid="stApp"]').dataset;
    return testScriptState === 'notRunning' && testConnectionState === 'CONNECTED';
  };
  // a key is kept until the slide before it stands: two quick ones are two slides
  const move = () => {
    if (!wanted.length || !isIdle() || Date.now() - moved < 120) return;
    moved = Date.now();
    const at = button(wanted.shift());
    if (at && !at.disabled) at.click();
  };
  document.addEventListener('keydown', (event) => {
    const name = KEYS[event.key];
    if (!name || !place() || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest?.(FIELDS)) return;
    event.preventDefault();
    if (wanted.length < 9) wanted.push(name);
    move();
  });
  const two = (number) => String(number).padStart(2, '0');
  const written = (seconds) => `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  // the clock is the meeting's: every screen hears from the server how long it has lasted
  let heard = null;
  const count = () => {
    const clock = document.querySelector('[data-clock]');
    if (!clock || heard?.meeting !== place()?.dataset.meeting) return;
    const whole = clock.dataset.minutes * 60, gone = Math.floor(heard.gone + (performance.now() - heard.at) / 1000);
    const over = gone >= whole, left = over ? gone - whole : whole - gone;
    const text = clock.dataset[over ? 'over' : 'left'].replace('…', written(left));
    if (clock.textContent !== text) clock.textContent = text;
    clock.classList.toggle('late', over || left <= 300);
  };
  document.addEventListener('click', (event) => {
    if (!event.target.closest?.('[data-clock]')) return;
    document.querySelector('.st-key-wall-clock button')?.click();
    asked = Date.now() - EVERY + 500;
  });
  // charts are drawn for the room, for a desk or for a hand: the server cannot know which screen this is
  const fit = (meeting) => {
    const size = innerWidth >= 1600 ? 'room' : innerWidth > 800 ? 'desk' : 'hand';
    if (meeting.dataset.size === size || !isIdle() || Date.now() - fitted < 2000) return;
    fitted = Date.now();
    document.querySelector(`.st-key-wall-fit-${size} button`)?.click();
  };
  const press = (news) => {
    const again = document.querySelector('.st-key-again-meeting button'), now = Date.now();
    if (!again || !isIdle() || wanted.length) return;
    if (pressed === news && now - pressedAt < PATIENCE) return;
    [pressed, pressedAt] = [news, now];
    again.click();
  };
  const ask = async (meeting) => {
    asking = true;
    try {
      const about = new URLSearchParams({meeting: meeting.dataset.meeting});
      const answer = await fetch(new URL(`meeting-pulse?${about}`, document.baseURI), {redirect: 'error'});
      const {state, gone} = await answer.json();
      const now = place();
      if (gone !== null && gone !== undefined) heard = {meeting: meeting.dataset.meeting, gone, at: performance.now()};
      if (now && state) now.dataset.news = state === now.dataset.state ? '' : state;
    } catch { /* the server is away: the page says so itself, and it is asked again */ }
    asking = false;
  };
  setInterval(() => {
    const meeting = place();
    move();
    if (!meeting || document.hidden) return;
    count();
    fit(meeting);
    if (meeting.dataset.news && meeting.dataset.news !== meeting.dataset.state) press(meeting.dataset.news);
    const known = heard?.meeting === meeting.dataset.meeting;
    if (asking || Date.now() - asked < (known ? EVERY : EVERY / 10)) return;
    asked = Date.now();
    ask(meeting);
  }, 100);
})()
