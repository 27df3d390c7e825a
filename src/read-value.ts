import { DefaultDeserializer } from 'node:v8'

/** The method that Node gives its subclasses to override; missing in its types. */
interface ViewReader {
  _readHostObject(): ArrayBufferView<ArrayBuffer>
}

const readView = (DefaultDeserializer.prototype as unknown as ViewReader)._readHostObject

/** As `v8.deserialize`, which makes views of the bytes it reads: a view's `buffer` would then hold the whole message. */
class CopyingDeserializer extends DefaultDeserializer implements ViewReader {
  _readHostObject(): ArrayBufferView<ArrayBuffer> {
    const view = readView.call(this as unknown as ViewReader)
    const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength)
    return Buffer.isBuffer(view) ? Buffer.from(bytes) : Reflect.construct(view.constructor, [bytes])
  }
}

/** The value that `v8.serialize` wrote; nothing of it shares memory with `bytes`. */
export function readValue(bytes: Buffer): unknown {
  const reader = new CopyingDeserializer(bytes)
  reader.readHeader()
  return reader.readValue()
}
