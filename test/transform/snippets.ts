export interface Snippet {
  title: string
  /** Sloppy code; what it returns must be the same with its state exposed and without. */
  code: string
  /** What is registered once it has run, or awaits something, as `function: names`. */
  exposes: string[]
}

export const snippets: Snippet[] = [
  {
    title: 'variables of the module',
    code: 'let hits = 0; const cache = new Map(), size = 10; var late; function use(k) { hits++; cache.set(k, size) } use(1); return [hits, cache.size]',
    exposes: [': hits cache'],
  },
  {
    title: 'a counter in a closure',
    code: 'function make() { let n = 0; return () => ++n } const c = make(); c(); return c()',
    exposes: [': c', 'make(): n'],
  },
  {
    title: 'a parameter that is assigned to',
    code: 'const f = n => () => ++n; const c = f(1); c(); return c()',
    exposes: [': c', 'f(): n'],
  },
  {
    title: 'a constant object',
    code: 'const c = (() => { const all = []; return { add: x => all.push(x) } })(); c.add(1); return c.add(1)',
    exposes: [': c', 'anonymous function: all'],
  },
  {
    title: 'nothing for constants that hold no object',
    code: 'function f() { const a = 1, b = `x`, c = !a, d = a + b, e = a ? 1 : "b"; return () => [a, b, c, d, e] } return f()()',
    exposes: [],
  },
  {
    title: 'functions that are only called have no state',
    code: 'function f() { function g() { return 1 } const h = () => 2; return () => g() + h() } return f()()',
    exposes: [],
  },
  {
    title: 'functions with properties',
    code: 'function f() { function g() { return ++g.calls } g.calls = 0; return () => g() } const h = f(); h(); return h()',
    exposes: [': h', 'f(): g'],
  },
  {
    title: 'blocks',
    code: 'let get; { let n = 1; get = () => n++ } { const other = {}; get(); void other } return get()',
    exposes: [': get', ': n'],
  },
  {
    title: 'each turn of a loop',
    code: 'const all = []; for (let i = 0; i < 3; i++) all.push(() => i++); return all.map(f => f() + f())',
    exposes: [': all', ': i', ': i', ': i'],
  },
  {
    title: 'loops whose body is one statement',
    code: 'const all = []; for (const a of [[1], [2]]) for (const b of a) all.push(() => [a, b]); return all.map(f => f())',
    exposes: [': all', ': a', ': b', ': a', ': b'],
  },
  {
    title: 'for in',
    code: 'const all = []; for (let k in { a: 1, b: 2 }) { all.push(() => k += "x") } return all.map(f => f())',
    exposes: [': all', ': k', ': k'],
  },
  {
    title: 'labelled loops',
    code: 'const all = []; outer: for (let i = 0; i < 3; i++) inner: for (let j = 0; j < 3; j++) { if (j === 1) continue outer; if (i === 2) break outer; all.push(() => i++ + j) } return all.map(f => f())',
    exposes: [': all', ': i', ': j', ': j', ': i', ': j', ': j', ': i', ': j'],
  },
  {
    title: 'clauses of a switch',
    code: 'const f = k => { switch (k) { case 1: let a = []; return () => a.push(1); case 2: const b = {}; return () => b; default: function c() { return k } return () => c() } }; return [f(1)(), f(2)(), f(3)()]',
    exposes: ['f(): k', 'f(): a', 'f(): k', 'f(): b', 'f(): k'],
  },
  {
    title: 'what is caught',
    code: 'const f = () => { try { throw { a: 1 } } catch (e) { return () => e.a++ } }; const g = f(); g(); return g()',
    exposes: [': g', 'f(): e'],
  },
  {
    title: 'what is caught, taken apart',
    code: 'const f = () => { try { throw { a: { n: 1 } } } catch ({ a }) { let m = 1; return () => a.n++ + m++ } }; const g = f(); g(); return g()',
    exposes: [': g', 'f(): a m'],
  },
  {
    title: 'variables after an early return',
    code: 'function make(early) { const state = { n: 0 }; if (early) return () => state.n++; let extra = {}; return () => (extra = { extra }) } make(true)(); return make(false)() !== null',
    exposes: ['make(): state extra', 'make(): state extra'],
  },
  {
    title: 'private fields',
    code: 'class A { #n = 1; #list; m() { this.#list = []; return ++this.#n } #p() {} get #q() { return 1 } static has(o) { return #n in o && #q in o } } const a = new A(); a.m(); return [a.m(), A.has(a)]',
    exposes: [': A a'],
  },
  {
    title: 'static private fields',
    code: 'class A { static #count = 0; static next() { return ++A.#count } static get #x() { return 1 }\nstatic last = 1\n} A.next(); return [A.next(), A.last]',
    exposes: [': A', 'A: #count'],
  },
  {
    title: 'fields with closures over the instance',
    code: 'class A { n = 0; inc = () => ++this.n; ["com" + "puted"] = () => this; #own = () => this; other() { return this.#own() === this && this.#own.name } } const a = new A(); const { inc } = a; inc(); return [inc(), inc.name, inc.length, a.other(), a.computed.name, Object.keys(a)]',
    exposes: [': A a inc', 'A: this'],
  },
  {
    title: 'fields of a class whose constructor returns another object',
    code: 'let only; class Base { constructor() { if (only) return only; only = this } } class A extends Base { f = () => this } new A(); return new A().f() === only',
    exposes: [': only Base A', 'A: this', 'A: this'],
  },
  {
    title: 'this in arrow functions',
    code: 'function F() { this.n = 0; this.inc = () => ++this.n } const { inc } = new F(); inc(); return inc()',
    exposes: [': F inc', 'F(): this'],
  },
  {
    title: 'this before super',
    code: 'class A { constructor(f) { this.f = f } } class B extends A { constructor() { const log = []; super(() => (log.push(1), this)); let late = log; this.g = () => late = [...late, this] } } const b = new B(); b.g(); return b.f() === b',
    exposes: [': A B b', 'B.constructor(): log late', 'B.constructor(): this'],
  },
  {
    title: 'super and new.target',
    code: 'class A { m() { return [1] } } class B extends A { constructor() { super(); this.target = () => new.target === B } m() { const own = []; return (() => [...super.m(), own])() } } const b = new B(); return [b.m(), b.target()]',
    exposes: [': A B b', 'B.m(): this own'],
  },
  {
    title: 'static blocks',
    code: 'class A { static /* { */ { let n = 0; A.next = () => ++n } } A.next(); return A.next()',
    exposes: [': A', 'A: n'],
  },
  {
    title: 'arguments',
    code: 'function f(a, b) { arguments[0] = 5; const g = () => [a, arguments.length]; return g } return f(1, 2)()',
    exposes: ['f(): arguments a'],
  },
  {
    title: 'default values and patterns',
    code: 'function f({ a = [], ...rest } = {}, [b, c = () => a] = [{}], ...more) { return () => [a, rest, b, c(), more, a = 1] } return f({ x: 1 })()',
    exposes: ['f(): a rest b c more'],
  },
  {
    title: 'assignment by patterns',
    code: 'function f() { let a, b, c; ({ a, x: [b], ...c } = { a: 1, x: [2], y: 3 }); return () => [a, b, c] } return f()()',
    exposes: ['f(): a b c'],
  },
  {
    title: 'generators',
    code: 'function* g() { let n = 0; const step = () => ++n; while (true) yield step() } const it = g(); it.next(); return [it.next().value, typeof it.return]',
    exposes: [': it', 'g(): n'],
  },
  {
    title: 'async functions',
    code: 'async function f() { let n = 0; const inc = () => ++n; await null; inc(); for await (const x of [1, 2]) await (() => x)(); return inc() } return f()',
    exposes: ['f(): n'],
  },
  {
    title: 'direct eval',
    code: 'function f() { let a = 1, b = {}; eval("a = 2"); return () => eval("[a, b]") } return f()()',
    exposes: [': f', 'f(): a b'],
  },
  {
    title: 'with',
    code: 'const seen = []; const o = new Proxy({}, { has: (_, k) => (seen.push(k), false) }); let n = 0; with (o) { let m = []; (() => { n++; m.push(1) })() } return [seen, n]',
    exposes: [': seen o n'],
  },
  {
    title: 'directives',
    code: 'function f() { "use strict"; let n = 0; const g = () => (n++, this); return g } function h() { "use strict"\n let n = []; return () => [n, this] } return [f()() === undefined, h()()]',
    exposes: ['f(): this n', 'h(): this n'],
  },
  {
    title: 'names like those that are made',
    code: 'let $fp = 1, $fp0_ = 2; const f = () => { let $fp0 = 0; return () => $fp0++ + $fp++ + $fp0_ }; const g = f(); g(); return g()',
    exposes: [': $fp g', 'f(): $fp0'],
  },
  {
    title: 'nested arrow functions',
    code: 'const f = a => b => c => [a, b, c] ; const g = f([])({}); const h = a => (b) => ({ a, b }); return [g(1), h([])(2)]',
    exposes: [': g', 'f(): a', 'anonymous function in f(): b', 'h(): a'],
  },
  {
    title: 'an arrow function before a line break',
    code: 'let n = 0\nconst f = x =>\n  // why\n  () => [x, n]\nconst g = x => () => x\n++n\nreturn [f([])(), g({})()]',
    exposes: [': n', 'f(): x', 'g(): x'],
  },
  {
    title: 'names and lengths of functions',
    code: 'const a = (x, y = 1) => () => x; const b = { m(x) { return () => x }, get g() { let n = []; return () => n } }; class C { f = function () { return () => this } } return [a.name, a.length, b.m.name, new C().f.name, Object.getOwnPropertyDescriptor(b, "g").get.name]',
    exposes: [': a b C'],
  },
  {
    title: 'variables declared twice',
    code: 'var a = 1; var a = {}; function f(p) { var p; var q = 1; if (p) { var q = [] } return () => [p, q, typeof r]; var r; function r() {} } return [a, f(1)()]',
    exposes: [': a', 'f(): p q r'],
  },
  {
    title: 'a function called before the first statement',
    code: 'const r = early(); function early() { const list = []; return () => list.push(1) } r(); return r()',
    exposes: [': r', 'early(): list'],
  },
  {
    title: 'a class expression',
    code: 'const A = class B { static n = {}; static #m = []; static get() { return [B.n, B.#m] } }; return [A.get(), A.name]',
    exposes: [': A', 'B: this #m'],
  },
  {
    title: 'tagged templates, optional chains and spread',
    code: 'const t = (s, ...v) => () => [s.raw, v]; const o = { a: { f: x => () => x } }; return [t`a`(), o?.a?.f?.([])(), Math.max(...[1, 2])]',
    exposes: [': t o', 't(): s v', 'f(): x'],
  },
  {
    title: 'accessors',
    code: 'const o = (() => { let v = 1; return { get v() { return v }, set v(x) { v = x } } })(); o.v = [2]; return o.v',
    exposes: [': o', 'anonymous function: v'],
  },
  {
    title: 'catch without a parameter, empty loops and statements',
    code: 'const all = []; try { throw 1 } catch { all.push(() => all) } for (let i = 0, f = () => i; i < 2; all.push(f), i++); ; return all.map(f => typeof f())',
    exposes: [': all', ': i', ': i'],
  },
]
