/** Names of packages that Jest is made of. */
const JEST = [
  '@jest/[^/]+',
  'babel-jest',
  'babel-plugin-istanbul',
  'expect',
  'jest',
  'jest-(?:circus|cli|config|diff|each|get-type|haste-map|matcher-utils|message-util|mock|regex-util|resolve|runner|runtime|snapshot|util|validate|worker)',
  'jest-environment-(?:node|jsdom)',
  'pretty-format',
]

/** Paths of the code that runs the tests, those of properties too: its state must outlast them. */
export const RUNNER_CODE: RegExp = new RegExp(
  `/node_modules/(?:${[...JEST, 'forkpoint', 'fast-check', 'pure-rand', '@fast-check/[^/]+'].join('|')})/`,
)
