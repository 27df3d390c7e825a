import type { CatalogueRow } from './nature.ts'

const OWN_SERVER = 'a server of this process: safe'
const CONNECT = 'net.Socket.prototype.connect'

/** `node:net` and what is built on it, `node:dgram`, `node:dns`. */
export const ROWS_OF_NETWORK: readonly CatalogueRow[] = [
  {
    calls: /^net\.Socket\.prototype\.connect$/,
    nature: 'unsafe',
    effect: 'net.connect',
    depends: OWN_SERVER,
  },
  {
    calls:
      /^net\.(connect|createConnection)$|^tls\.(connect|createSecurePair)$|^https?\.(request|get|ClientRequest)$|^https?\.Agent\.prototype\.(addRequest|createConnection|createSocket)$|^globalThis\.(fetch|WebSocket|EventSource)$|^http\.(WebSocket|EventSource)$/,
    nature: 'unsafe',
    effect: 'net.connect',
    depends: OWN_SERVER,
    through: CONNECT,
  },
  {
    calls: /^http2\.(connect|performServerHandshake)$/,
    nature: 'unsafe',
    effect: 'net.connect',
    depends: OWN_SERVER,
    through: CONNECT,
  },
  {
    calls:
      /^net\.(Socket|Stream)\.prototype\.(_write|_writev|_writeGeneric|end|_final|destroySoon|resetAndDestroy|_reset)$|^http\.(WebSocket|OutgoingMessage|ClientRequest)\.prototype\.(send|write|end|_send|_writeRaw|_flush|_flushOutput|flushHeaders|_finish|abort|destroy|close|addTrailers|pipe|_implicitHeader|_deferToConnect)$|^globalThis\.(WebSocket|EventSource)\.prototype\.(send|close)$/,
    nature: 'unsafe',
    effect: 'net.send',
    depends: 'over a connection that stays in this process: safe',
    through: CONNECT,
  },
  {
    calls: /^net\.Server\.prototype\.(listen|_listen2)$/,
    through: 'net.Server.prototype.listen',
    nature: 'compensable',
    effect: 'net.listen',
    undo: 'closing the server and its connections',
  },
  {
    calls: /^net\.(BoundSocket|_TransferredBoundSocket)$|^(net|dgram)\._create(Server|Socket)Handle$/,
    nature: 'compensable',
    effect: 'net.listen',
    undo: 'closing it',
    unseen: 'it gives a bare handle, which the process has until it ends',
  },
  {
    calls: /^dgram\.Socket\.prototype\.(bind|bindSync|addMembership|addSourceSpecificMembership)$/,
    nature: 'compensable',
    effect: 'net.listen',
    undo: 'closing the socket',
    through: 'dgram.Socket.prototype.bind',
  },
  {
    calls: /^dgram\.Socket\.prototype\.send$/,
    nature: 'unsafe',
    effect: 'net.send',
    depends: 'to a socket of this process: safe',
  },
  {
    calls: /^dgram\.Socket\.prototype\.sendto$/,
    nature: 'unsafe',
    effect: 'net.send',
    through: 'dgram.Socket.prototype.send',
  },
  {
    calls: /^dgram\.Socket\.prototype\.connect(Sync)?$/,
    nature: 'safe',
    effect: 'net.socket',
    why: 'nothing is sent: it names whom later messages are for',
  },
  {
    calls:
      /^dns\.(promises\.)?(lookup|lookupService|resolve|reverse)|^dns\.(promises\.)?Resolver\.prototype\.(resolve|reverse)/,
    nature: 'safe',
    effect: 'net.query',
    why: 'a question leaves the machine, and changes nothing',
  },
  { calls: /^dns\./, nature: 'safe', effect: 'net.socket' },
  {
    calls: /^quic\b/,
    nature: 'unsafe',
    effect: 'net.connect',
    unseen: 'experimental; its packets are sent by native code',
  },
  { calls: /^(net|dgram|http|https|http2|tls)\./, nature: 'safe', effect: 'net.socket' },
  {
    calls: /^globalThis\.(WebSocket|EventSource|CloseEvent|MessageEvent)\b/,
    nature: 'safe',
    effect: 'net.socket',
  },
]
