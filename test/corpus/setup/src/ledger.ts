/** Accounts with rules, held in memory: the kind of thing a suite builds anew before every test. */
export class InsufficientFunds extends Error {
  override readonly name = 'InsufficientFunds'
  readonly account: string

  constructor(account: string, balance: number, wanted: number) {
    super(`${account} has ${balance}, ${wanted} is wanted`)
    this.account = account
  }
}

export interface Entry {
  readonly from: string
  readonly to: string
  readonly amount: number
}

export class Ledger {
  readonly #balances = new Map<string, number>()
  readonly #notes = new WeakMap<Entry, string>()
  readonly entries: Entry[] = []
  static total = 0

  open(account: string, balance = 0): this {
    this.#balances.set(account, balance)
    Ledger.total += balance
    return this
  }

  transfer(from: string, to: string, amount: number, note?: string): Entry {
    const balance = this.balanceOf(from)
    if (balance < amount) throw new InsufficientFunds(from, balance, amount)
    this.#balances.set(from, balance - amount)
    this.#balances.set(to, this.balanceOf(to) + amount)
    const entry = { from, to, amount }
    if (note) this.#notes.set(entry, note)
    this.entries.push(entry)
    return entry
  }

  noteOf(entry: Entry): string | undefined {
    return this.#notes.get(entry)
  }

  balanceOf(account: string): number {
    const balance = this.#balances.get(account)
    if (balance === undefined) throw new TypeError(`no account ${account}`)
    return balance
  }

  close(account: string): void {
    this.#balances.delete(account)
  }
}

let current: Ledger | undefined

export function openLedger(): Ledger {
  Ledger.total = 0
  current = new Ledger().open('alice', 100).open('bob', 50)
  return current
}

export function currentLedger(): Ledger {
  if (!current) throw new Error('no ledger is open')
  return current
}

export function closeLedger(): void {
  current = undefined
}
