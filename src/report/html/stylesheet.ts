/** Of the page: light and dark as the reader's system is, and legible without colours. */
export const STYLESHEET = `
:root {
  color-scheme: light dark;
  --back: #ffffff; --panel: #f5f6f8; --line: #d5d9e0; --text: #1b1f24; --faint: #57606a; --link: #0550ae;
  --setup: #b35900; --take: #8250df; --restore: #0969da; --test: #1a7f37; --plain: #6e7781; --bad: #b42318;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0f1318; --panel: #181e26; --line: #303946; --text: #e6eaef; --faint: #9aa5b1; --link: #79b8ff;
    --setup: #f0a05a; --take: #c297ff; --restore: #6cb6ff; --test: #57d27f; --plain: #8b949e; --bad: #ff9b8f;
  }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif }
main, header { max-width: 72rem; margin: 0 auto; padding: 0 1.25rem }
header { padding-top: 2rem }
h1 { font-size: 1.6rem; margin: 0 }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem }
p { margin: .4rem 0 }
a { color: var(--link) }
.faint { color: var(--faint) }
.bad { color: var(--bad); font-weight: 600 }
.skip { position: absolute; left: -100rem }
.skip:focus { left: 1rem; top: 1rem; background: var(--back); padding: .5rem 1rem }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: 1rem; margin: 1.25rem 0; padding: 0; list-style: none }
.figures li { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: .6rem 1rem }
.figures strong { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; min-width: 46rem; font-variant-numeric: tabular-nums }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line) }
td.number, th.number { text-align: right; white-space: nowrap }
code, pre { font: .875em/1.5 ui-monospace, monospace }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .9rem; overflow-x: auto; margin: .5rem 0 }
pre mark { background: none; color: inherit; font-weight: 700; text-decoration: underline; text-decoration-color: var(--bad) }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .5rem 0; padding: 0; list-style: none }
.legend svg { width: 1.1em; height: 1.1em; vertical-align: -.15em; margin-right: .35em }
.lane { display: block; width: 100%; height: 44px; background: var(--panel); border: 1px solid var(--line); border-radius: 4px }
p.axis { display: flex; justify-content: space-between; margin: .1rem 0 0; font-size: .8rem; font-variant-numeric: tabular-nums }
code { overflow-wrap: break-word }
p code, summary code { overflow-wrap: anywhere }
summary { cursor: pointer; padding: .15rem 0 }
.setup { fill: var(--setup) } .take { fill: var(--take) } .restore { fill: var(--restore) } .test { fill: var(--test) } .plain { fill: var(--plain) }
footer { margin: 3rem 0 2rem; color: var(--faint) }
`
