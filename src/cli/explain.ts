import { explainCall } from '../host/catalogue/explain-call.ts'
import { type Command, EXIT } from './command.ts'

export const explain: Command = {
  name: 'explain',
  does: "prints a host call's nature, effect, undo and advice, from the catalogue",
  more: 'CALL is a function of Node by its whole name: `fs.rmSync`, `node:fs/promises.rm`, `fetch`.',
  operands: ['CALL'],
  flags: {},
  rest: null,
  run({ operands: [call = ''] }, { terminal }) {
    terminal.print(explainCall(call))
    return EXIT.ok
  },
}
