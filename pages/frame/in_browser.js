// Run once in every tab: says Streamlit's own words in the reader's language, and copies the page's link.
(() => {
  const given = document.querySelector("i[data-words]").dataset
  document.documentElement.lang = given.language
  // whose months and numbers Streamlit writes: it asks the browser, not the page
  for (const [name, answer] of [["language", (lang) => lang], ["languages", (lang) => [lang]]]) {
    Object.defineProperty(navigator, name, { configurable: true, get: () => answer(document.documentElement.lang) })
  }
  const reader = (window.satraceReader ??= begin())
  reader.speak(JSON.parse(given.words), given.linkByHand)

  function begin() {
    // what is ours or the data's, which keep their own words
    const OURS = `[data-testid=stMarkdownContainer]:not([data-testid=stFileUploader] *, [data-testid=stTopNavSection] *),
      [data-testid=stIconMaterial], [role=option], [data-tag], .js-plotly-plot, canvas, table, pre, code, svg, style, script`
    const AMONG_OPTIONS = /^(No results|Select all|Select \d+ matches|Add: .+)$/
    const DATA = ".js-plotly-plot, canvas, table, svg" // whose names are made of data
    const CHOSEN = "[data-tag], [data-tag] > [title]" // an option that was chosen is named by itself
    const ATTRIBUTES = ["aria-label", "title", "placeholder"]
    const english = new Map() // by all that was ever said instead
    let spoken = new Map(), patterns = [], linkByHand = ""

    function say(text) {
      const source = english.get(text.trim()) ?? text.trim()
      if (spoken.has(source)) return text.replace(text.trim(), () => spoken.get(source))
      for (const [pattern, before, after] of patterns) {
        const found = pattern.exec(source)
        if (!found) continue
        english.set(before + found[1] + after, source)
        return before + found[1] + after
      }
      return text
    }

    function tell(node) {
      const ours = node.parentElement?.closest(OURS)
      if (ours && !(ours.matches("[role=option]") && AMONG_OPTIONS.test(node.nodeValue.trim()))) return
      const said = say(node.nodeValue)
      if (said !== node.nodeValue) node.nodeValue = said
    }

    function name(element) {
      if (element.closest(DATA) || element.matches(CHOSEN)) return
      for (const attribute of ATTRIBUTES) {
        const text = element.getAttribute(attribute)
        if (text && say(text) !== text) element.setAttribute(attribute, say(text))
      }
    }

    function walk(root) {
      const nodes = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
      for (let node = root; node; node = nodes.nextNode()) {
        if (node.nodeType === Node.TEXT_NODE) tell(node)
        else if (node.nodeType === Node.ELEMENT_NODE) name(node)
      }
    }

    new MutationObserver((changes) => {
      for (const change of changes) {
        if (change.type === "childList") change.addedNodes.forEach(walk)
        else if (change.type === "characterData") tell(change.target)
        else name(change.target)
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributeFilter: ATTRIBUTES })

    // the old way of copying: it answers at once, and works without TLS
    function copied(text) {
      const field = document.body.appendChild(document.createElement("textarea"))
      field.value = text
      field.select()
      const done = document.execCommand("copy")
      field.remove()
      return done
    }

    document.addEventListener("click", (event) => {
      const button = event.target.closest?.("[class*=st-key-copy-link] button")
      if (!button) return
      if (!copied(location.href)) {
        event.stopImmediatePropagation()
        window.prompt(linkByHand, location.href)
      }
      button.focus()
    }, true)

    // what keeps the width of the screen is made as wide as A4 across
    const WIDE = ".js-plotly-plot, [data-testid=stDataFrame]", PAPER_PX = 1020
    addEventListener("beforeprint", () => document.querySelectorAll(WIDE).forEach((part) => {
      part.style.zoom = Math.min(1, PAPER_PX / part.getBoundingClientRect().width)
    }))
    addEventListener("afterprint", () => document.querySelectorAll(WIDE).forEach((part) => { part.style.zoom = "" }))

    return {
      speak(words, byHand) {
        linkByHand = byHand
        spoken = new Map(Object.entries(words).filter(([source]) => !source.includes("{any}")))
        patterns = Object.entries(words).filter(([source]) => source.includes("{any}")).map(([source, said]) => {
          const [start, end] = source.split("{any}").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
          return [new RegExp(`^${start}(.+)${end}$`), ...said.split("{any}")]
        })
        walk(document.body)
        spoken.forEach((said, source) => english.set(said, source))
      },
    }
  }
})()
