import { arrow, box, checkpointMark, drawing, text } from './shapes.mjs'

/** The drawings of the documentation, by the names of their files. */
export const DRAWINGS = {
  idea: drawIdea(),
  'fork-engine': drawForkEngine(),
  'heap-engine': drawHeapEngine(),
  'what-becomes-of-it': drawDataFlow(),
}

function drawIdea() {
  const [left, setup, test] = [110, 100, 62]
  const testX = number => left + setup + 18 + (number - 1) * (test + 10)
  const checkpointX = left + setup + 8
  const numbers = [1, 2, 3, 4]
  return drawing({
    width: 860,
    height: 210,
    title: 'A suite without forkpoint, and with it',
    words:
      'Without forkpoint, the setup runs before each of four tests. With forkpoint it runs once; then there is a checkpoint, and before each further test the state is rolled back to it.',
    parts: [
      text(16, 43, 'plain', { kind: 'strong' }),
      numbers.map(number => {
        const x = left + (number - 1) * (setup + test + 16)
        return [
          box('setup', x, 20, setup, 36, 'setup'),
          box('test', x + setup + 6, 20, test, 36, `test ${number}`),
        ]
      }),
      text(16, 133, 'forkpoint', { kind: 'strong' }),
      box('setup', left, 110, setup, 36, 'setup'),
      checkpointMark(checkpointX, 88, 148),
      text(checkpointX + 22, 99, 'checkpoint', { kind: 'faint' }),
      numbers.map(number => box('test', testX(number), 110, test, 36, `test ${number}`)),
      [1, 2, 3].map(number => {
        const x = testX(number) + test / 2
        return arrow([x, 146], [x, 170], [checkpointX, 170], [checkpointX, 152])
      }),
      text(checkpointX, 194, 'rollback: every test begins with the state of the checkpoint', {
        kind: 'faint',
      }),
      text(testX(5) + 20, 133, 'the time of three setups is saved', { kind: 'faint' }),
    ],
  })
}

function drawForkEngine() {
  const tests = [
    ['test', 'result', 'test 1', 'passes'],
    ['bad', 'its end', 'test 2', 'crashes'],
    ['test', 'result', 'test 3', 'passes'],
  ]
  return drawing({
    width: 860,
    height: 330,
    title: 'The fork engine',
    words:
      "The worker process imports and runs the setup. At the checkpoint it stands still, in native code. fork(2) makes a process for each test, which has the memory of the checkpoint; the test's result goes back through a pipe, and its process ends, with all that the test did to memory. A test that crashes takes only its own process with it. Then the worker goes on with the next suite.",
    parts: [
      text(16, 30, 'worker process', { kind: 'strong' }),
      box('setup', 16, 60, 150, 46, 'imports, setup'),
      checkpointMark(182, 38, 106),
      text(204, 50, 'checkpoint', { kind: 'faint' }),
      box('still', 196, 60, 510, 46, 'stands still, in native code: its memory is the checkpoint'),
      box('box', 722, 60, 122, 46, 'next suite'),
      text(16, 226, 'processes', { kind: 'strong' }),
      text(16, 244, 'of tests', { kind: 'strong' }),
      tests.map(([kind, back, ...lines], index) => {
        const x = 206 + index * 172
        return [
          arrow([x + 20, 106], [x + 20, 204]),
          text(x + 28, 150, 'fork(2)', { kind: 'code' }),
          box(kind, x, 206, 140, 52, ...lines),
          arrow([x + 120, 206], [x + 120, 108]),
          text(x + 113, 184, back, { kind: 'faint', anchor: 'end' }),
        ]
      }),
      text(
        206,
        290,
        'Each begins with the memory of the checkpoint: a page is copied when it is first written to.',
        { kind: 'faint' },
      ),
      text(206, 310, 'It ends with its test, and all that the test did to memory ends with it.', {
        kind: 'faint',
      }),
    ],
  })
}

function drawHeapEngine() {
  const state = (x, kind, heading, map, age) => [
    text(x + 115, 34, heading, { kind: 'strong', anchor: 'middle' }),
    box('box', x, 50, 100, 56, ['cart: Map', 'code'], [map, 'faint']),
    arrow([x + 100, 78], [x + 128, 78]),
    box(kind, x + 130, 50, 100, 56, ['ada: User', 'code'], [age, 'faint']),
  ]
  return drawing({
    width: 860,
    height: 306,
    title: 'The heap engine',
    words:
      'At the checkpoint all objects that tests can reach are walked, and recorded: of a Map its entries, of a User its properties and private fields. The test clears the Map and changes a private field. At the rollback what differs from the record is assigned back; the Map and the User are the same objects as before.',
    parts: [
      state(16, 'box', '1. checkpoint', '2 entries', '#age = 36'),
      state(315, 'box', '2. the test', '0 entries', '#age = 37'),
      state(614, 'box', '3. rollback', '2 entries', '#age = 36'),
      arrow([262, 78], [305, 78]),
      arrow([561, 78], [604, 78]),
      text(430, 130, 'cart.clear(); ada.birthday()', { kind: 'code', anchor: 'middle' }),
      text(729, 130, 'the same Map, the same User', { kind: 'faint', anchor: 'middle' }),
      box(
        'good',
        16,
        190,
        828,
        52,
        ['the record', 'strong'],
        'cart → its entries, in their order · ada → its properties, its private fields',
      ),
      arrow([131, 106], [131, 188]),
      text(141, 153, 'walk, from variables, exports', { kind: 'faint' }),
      text(141, 170, 'and globals; write down', { kind: 'faint' }),
      arrow([729, 190], [729, 140]),
      text(719, 170, 'compare; assign back what differs', { kind: 'faint', anchor: 'end' }),
      text(16, 270, "What can't be put back is found, when the record is made or when it is compared:", {
        kind: 'faint',
      }),
      text(16, 288, 'then the setup is run again, and the summary names what it was.', { kind: 'faint' }),
    ],
  })
}

function drawDataFlow() {
  const rows = [
    [
      'memory',
      'variables, closures, objects',
      'engine',
      'fork(2), or the record',
      'good',
      'as at the checkpoint',
      'nothing to report',
    ],
    [
      'what can be undone',
      'files, env, timers, servers',
      'guard and journal',
      'what was there is kept',
      'good',
      'undone',
      'newest first',
    ],
    [
      "what can't",
      'messages, rows, programs',
      'guard and catalogue',
      'what does the call do?',
      'bad',
      'a finding',
      'test, line, what to do',
    ],
  ]
  return drawing({
    width: 860,
    height: 330,
    title: 'What becomes of what a test does',
    words:
      "What a test does to memory the engine takes back, by fork(2) or from its record. What it does to files, the environment, timers and servers goes past the guard into a journal, and is undone at the rollback, newest first. What can't be undone, such as messages, rows in a database elsewhere and programs, the guard looks up in the catalogue: it is a finding with the test, the line and what to do, in the summary, the report file and its page, and fails the test if the guard is strict.",
    parts: [
      box('test', 16, 20, 92, 230, 'a test', 'runs'),
      rows.map(([what, of, who, how, kind, end, more], index) => {
        const y = 20 + index * 84
        return [
          arrow([108, y + 31], [134, y + 31]),
          box('box', 136, y, 236, 62, [what, 'strong'], [of, 'faint']),
          arrow([372, y + 31], [400, y + 31]),
          box('box', 402, y, 210, 62, [who, 'strong'], [how, 'faint']),
          arrow([612, y + 31], [640, y + 31]),
          box(kind, 642, y, 202, 62, [end, 'strong'], [more, 'faint']),
        ]
      }),
      arrow([743, 250], [743, 278]),
      box('box', 402, 280, 442, 36, "summary · report file · page · fails the test (guard: 'strict')"),
    ],
  })
}
