import type { Effect } from './nature.ts'

interface EffectWords {
  /** What such a call does: completes "it …". */
  does: string
  /** What a reader can do about one that could not be rolled back: whole sentences. */
  advice: string
}

/** Words for each effect. Those that no unsafe or compensable call has need no advice. */
export const EFFECTS: Readonly<Record<Effect, EffectWords>> = {
  none: { does: 'works on objects of the program only', advice: '' },
  'fs.read': { does: 'reads files', advice: '' },
  'fs.write': {
    does: 'changes the content of a file',
    advice:
      "What is written stays on the disk. Write below a folder that the setup makes, or use `fs: 'memory'` or `fs: 'journal'`.",
  },
  'fs.create': {
    does: 'makes a file, folder or link',
    advice:
      "It stays on the disk. Make it below a folder that the setup makes, or use `fs: 'memory'` or `fs: 'journal'`.",
  },
  'fs.delete': {
    does: 'removes a file or folder',
    advice:
      "It is gone for the tests that follow. Remove copies only, or use `fs: 'memory'` or `fs: 'journal'`.",
  },
  'fs.rename': {
    does: 'moves a file or folder',
    advice: "It stays where it was moved to. Move copies only, or use `fs: 'memory'` or `fs: 'journal'`.",
  },
  'fs.meta': {
    does: 'changes the mode, owner or times of a file',
    advice: "They stay as they were set. Use `fs: 'memory'` or `fs: 'journal'`.",
  },
  'fs.open': { does: 'opens a file', advice: 'Close it in the test.' },
  'fs.watch': { does: 'watches a file or folder', advice: 'Close the watcher in the test.' },
  'net.connect': {
    does: 'connects to another process',
    advice:
      'Bytes sent to another process stay sent. Take them back there (BEGIN and ROLLBACK, say) and mark the call: ' +
      "`rollbackSafe(() => pool.query(sql), { why: 'rolled back by the server' })`.",
  },
  'net.send': {
    does: 'sends a message to another process',
    advice:
      'A message that was sent stays sent. Send it to a socket of the test, or mark the call with `rollbackSafe`.',
  },
  'net.listen': { does: 'accepts connections or messages', advice: 'Close it in the test.' },
  'net.query': { does: 'asks the name service', advice: '' },
  'net.socket': { does: 'changes a socket of this process', advice: '' },
  'process.spawn': {
    does: 'starts another process',
    advice:
      'What the other process does to the disk or the network stays done. Where it changes nothing, mark the call: ' +
      "`rollbackSafe(() => execSync('git status'), { why: 'only reads' })`.",
  },
  'process.signal': {
    does: 'sends a signal to a process',
    advice: 'A signal can not be taken back. Send it to processes of the test only.',
  },
  'process.exit': { does: 'ends this process', advice: 'A test should return instead.' },
  'process.identity': {
    does: 'changes the user or groups of this process',
    advice: 'Privileges that were given up do not come back: do it in a child process.',
  },
  'process.priority': { does: 'changes the priority of a process', advice: 'Set it back in the test.' },
  'process.state': { does: 'changes what belongs to the process', advice: '' },
  'process.message': {
    does: 'sends a message to the process that started this one',
    advice: 'A message that was sent stays sent.',
  },
  'thread.start': {
    does: 'starts a worker thread',
    advice:
      'What the thread does is not seen, and not undone. Where that is nothing, mark the call with `rollbackSafe`.',
  },
  'thread.message': {
    does: 'sends a message to another thread',
    advice: 'A message that was sent stays sent. Send it to a worker that the test has started.',
  },
  'thread.memory': { does: 'works on memory that threads can share', advice: '' },
  'native.load': {
    does: 'loads native code',
    advice: 'What native code does is not seen. Load it at the top of the test file, before the checkpoint.',
  },
  'native.call': { does: 'calls native code', advice: 'What native code does is not seen, and not undone.' },
  'wasi.call': {
    does: 'lets a WebAssembly program use the system',
    advice:
      'What the program does to the disk is not seen, and not undone. Give it no folder, or one of the test.',
  },
  'db.open': {
    does: 'writes to a database in a file',
    advice: "What is written to the file stays there. Open ':memory:', or copy the file and open the copy.",
  },
  inspector: { does: 'talks to the debugger of this process', advice: 'Close it in the test.' },
  timers: { does: 'makes or cancels a timer', advice: '' },
  clock: { does: 'reads a clock, or what the machine is like', advice: '' },
  random: { does: 'makes a random value', advice: '' },
  console: { does: 'prints', advice: '' },
  declared: { does: 'does what its author says of it', advice: '' },
  runtime: { does: 'changes or reads the runtime itself', advice: '' },
}
