import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'

/** Where Debian's package `chromium` puts it, or where `CHROMIUM` says; null where there is none. */
export function findBrowser(): string | null {
  const path = process.env.CHROMIUM ?? '/usr/bin/chromium'
  return existsSync(path) ? path : null
}

interface Answer {
  id?: number
  method?: string
  params?: Record<string, never>
  result?: Record<string, never>
  error?: { message: string }
}

/** A headless Chromium with one page, spoken to by DevTools' protocol over pipes: no port, and it ends with its pipes. */
export class Browser {
  readonly #child: ChildProcess
  readonly #profile: string
  readonly #write: Writable
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  /** Addresses that the page has asked for. */
  readonly requested: string[] = []
  #session: string | undefined
  #lastId = 0

  private constructor(program: string) {
    this.#profile = mkdtempSync(join(tmpdir(), 'forkpoint-browser-'))
    const flags = [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--remote-debugging-pipe',
      `--user-data-dir=${this.#profile}`,
    ]
    this.#child = spawn(program, [...flags, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    })
    const [, , , write, read] = this.#child.stdio as unknown as [null, null, null, Writable, Readable]
    this.#write = write
    this.#child.once('exit', () => {
      for (const tell of this.#waiting.values()) tell({ error: { message: 'the browser has ended' } })
    })
    let text = ''
    read.setEncoding('utf8').on('data', (chunk: string) => {
      const messages = (text + chunk).split('\0')
      text = messages.pop() ?? ''
      for (const message of messages) this.#receive(JSON.parse(message) as Answer)
    })
  }

  static async open(program: string, file: string): Promise<Browser> {
    const browser = new Browser(program)
    const { targetInfos } = (await browser.send('Target.getTargets')) as unknown as {
      targetInfos: Array<{ type: string; targetId: string }>
    }
    const page = targetInfos.find(({ type }) => type === 'page')
    const attached = await browser.send('Target.attachToTarget', { targetId: page?.targetId, flatten: true })
    browser.#session = attached.sessionId
    await browser.send('Network.enable')
    await browser.send('Page.enable')
    await browser.send('Page.navigate', { url: pathToFileURL(file).href })
    // The page has no script: what it is made of is there as soon as it is read.
    while ((await browser.evaluate('document.readyState + location.protocol')) !== 'completefile:');
    return browser
  }

  #receive(answer: Answer): void {
    if (answer.id !== undefined) this.#waiting.get(answer.id)?.(answer)
    else if (answer.method === 'Network.requestWillBeSent') {
      const { request } = answer.params as unknown as { request: { url: string } }
      this.requested.push(request.url)
    }
  }

  send(method: string, params: object = {}): Promise<Record<string, never>> {
    const id = ++this.#lastId
    const session = this.#session === undefined ? {} : { sessionId: this.#session }
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        this.#waiting.delete(id)
        if (error === undefined) resolve(result ?? {})
        else reject(new Error(`${method}: ${error.message}`))
      })
      this.#write.write(`${JSON.stringify({ id, method, params, ...session })}\0`)
    })
  }

  /** The value of an expression in the page. */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = (await this.send('Runtime.evaluate', {
      expression,
      returnByValue: true,
    })) as unknown as { result: { value: unknown }; exceptionDetails?: { text: string } }
    if (exceptionDetails !== undefined) throw new Error(`${exceptionDetails.text}: ${expression}`)
    return result.value
  }

  async press(key: string): Promise<void> {
    for (const type of ['keyDown', 'keyUp'])
      await this.send('Input.dispatchKeyEvent', { type, key, code: key, windowsVirtualKeyCode: KEYS[key] })
  }

  async close(): Promise<void> {
    const gone = new Promise(resolve => this.#child.once('close', resolve))
    this.#child.kill('SIGKILL')
    await gone
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 10 })
  }
}

const KEYS: Readonly<Record<string, number>> = { Tab: 9, Enter: 13 }
