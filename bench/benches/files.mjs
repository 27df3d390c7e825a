// Test files that import the same packages: each pool of Vitest, and files forked from one warm process, in turn. `--files N` makes
// suites of at most N files; `--only` takes one kind by its name.
import { installBench } from '../support/install.mjs'
import { makeProject } from '../support/project.mjs'
import { median, medianRatio, timeRun } from '../support/time-runs.mjs'

const importing = (imports, body) => number =>
  `
import { expect, test } from 'vitest'
${imports}
test('file ${number}', () => {
  ${body}
})
`

const COMPONENTS = 30

const component = number => `
export class Component${number} {
  constructor(parent, label) {
    this.clicks = 0
    this.element = document.createElement('button')
    this.element.className = 'component-${number}'
    this.element.textContent = label
    this.element.addEventListener('click', () => this.element.setAttribute('data-clicks', ++this.clicks))
    parent.append(this.element)
  }
}
`

const componentTest = number => `
import { expect, test } from 'vitest'
import { Component${number % COMPONENTS} as Component } from './src/component-${number % COMPONENTS}.mjs'
test('counts clicks', () => {
  const parent = document.createElement('div')
  const { element } = new Component(parent, 'file ${number}')
  element.click()
  expect(parent.querySelectorAll('button')).toHaveLength(1)
  expect(element.dataset.clicks).toBe('1')
})
`

const KINDS = {
  typescript: {
    files: 50,
    text: importing(
      "import ts from 'typescript'",
      "expect(ts.createSourceFile('a.ts', 'const a = 1', 99).statements).toHaveLength(1)",
    ),
  },
  'zod-lodash': {
    files: 50,
    text: importing(
      "import lodash from 'lodash'\nimport { z } from 'zod'",
      'expect(z.array(z.number()).parse(lodash.range(3))).toEqual([0, 1, 2])',
    ),
  },
  components: { files: 300, environment: 'happy-dom', text: componentTest },
  light: { files: 3, text: importing('', 'expect(1 + 1).toBe(2)') },
}

/** `shared` keeps no file from another's state: no equal of the others, but a floor. */
const WAYS = {
  forks: { pool: 'forks' },
  threads: { pool: 'threads' },
  vmThreads: { pool: 'vmThreads' },
  shared: { pool: 'forks', isolate: false },
  zygote: { pool: 'forks', isForked: true },
}

const configOf = ({ pool, isolate = true, isForked = false }, { environment = 'node' }) => `
${isForked ? "import forkpoint from 'forkpoint/vitest'" : ''}
export default {
  plugins: [${isForked ? "forkpoint({ files: 'fork' })" : ''}],
  test: { pool: '${pool}', isolate: ${isolate}, environment: '${environment}', maxWorkers: 2, include: ['*.test.mjs'] },
}
`

function makeSuite({ files, text, environment }) {
  const numbers = Array.from({ length: files }, (_, number) => number)
  return makeProject(
    {
      'package.json': '{ "type": "module" }',
      ...Object.fromEntries(numbers.map(number => [`file-${number}.test.mjs`, text(number)])),
      ...Object.fromEntries(
        numbers
          .slice(0, environment === undefined ? 0 : COMPONENTS)
          .map(number => [`src/component-${number}.mjs`, component(number)]),
      ),
      ...Object.fromEntries(
        Object.entries(WAYS).map(([name, way]) => [`${name}.config.mjs`, configOf(way, { environment })]),
      ),
    },
    // An environment is imported by Vitest itself, from where that lies.
    { links: ['zod', 'lodash', 'happy-dom'], packages: ['vitest'] },
  )
}

export function run({ rounds, only, files: most = Number.POSITIVE_INFINITY }) {
  installBench()
  return Object.entries(KINDS)
    .filter(([name]) => only === undefined || only === name)
    .flatMap(([name, kind]) => measure(name, { ...kind, files: Math.min(kind.files, most) }, rounds))
}

/** The first round is told apart: in it nothing is known yet of what the files import. */
function measure(kind, { files, text, environment }, rounds) {
  const project = makeSuite({ files, text, environment })
  try {
    const [first, ...rest] = Array.from({ length: rounds + 1 }, () =>
      Object.fromEntries(Object.keys(WAYS).map(way => [way, timeRun(project, `${way}.config.mjs`)])),
    )
    return Object.keys(WAYS).map(way => {
      const over = (other, key) =>
        rounded(
          medianRatio(
            rest.map(round => round[way][key]),
            rest.map(round => round[other][key]),
          ),
        )
      return {
        kind,
        files,
        way,
        firstMs: Math.round(first[way].wholeMs),
        wholeMs: Math.round(median(rest.map(round => round[way].wholeMs))),
        overForks: over('forks', 'wholeMs'),
        overShared: over('shared', 'wholeMs'),
        firstProcessorMs: Math.round(first[way].processorMs),
        processorMs: Math.round(median(rest.map(round => round[way].processorMs))),
        processorOverForks: over('forks', 'processorMs'),
        processorOverShared: over('shared', 'processorMs'),
        summary: /Files {2}(.*)/.exec(rest.at(-1)[way].summary)?.[1] ?? '',
      }
    })
  } finally {
    project.remove()
  }
}

const rounded = number => Number(number.toFixed(2))
