// Reads V8's objects as they lie in memory (64 bits, pointers not compressed, as in all releases of Node). That is not an
// interface: whoever uses it has to try it out first, each kind of change, in the process it runs in.
#include "object-memory.h"

typedef uintptr_t Word;

static Word wordAt(Word address) { return *(Word *)address; }
static bool isPointer(Word word) { return (word & 1) == 1; }
/** Of an object, its hidden class. */
static Word mapOf(Word object) { return wordAt(object) - 1; }
static Word addressOf(napi_value value) { return *(Word *)value - 1; }

/** In a hidden class, in words: the size of its objects, and where in them properties begin; then their type. */
static Word sizeIn(Word map) { return *(uint8_t *)(map + 8) * sizeof(Word); }
static Word propertiesIn(Word map) { return *(uint8_t *)(map + 9) * sizeof(Word); }
static uint16_t typeIn(Word map) { return *(uint16_t *)(map + 12); }

enum { PROPERTIES = 8, ELEMENTS = 16, TABLE = 24, LENGTH = 8, FIRST = 16, OUTER = 24 };

/** What two functions of one call have in common, and a third of another call has not: after what all objects have. */
static uint16_t findContext(Word one, Word sibling, Word stranger) {
  for (uint16_t at = TABLE; at < 72 && at < sizeIn(mapOf(one)); at += sizeof(Word)) {
    Word word = wordAt(one + at);
    if (isPointer(word) && word == wordAt(sibling + at) && word != wordAt(stranger + at)) return at;
  }
  return 0;
}

void readLayout(Layout *layout, const napi_value samples[SAMPLES]) {
  Word object = addressOf(samples[0]);
  Word boxed = wordAt(object + propertiesIn(mapOf(object)));
  Word beside = wordAt(addressOf(samples[1]) + PROPERTIES), shared = wordAt(addressOf(samples[5]) + ELEMENTS);
  layout->numberMap = isPointer(boxed) ? mapOf(boxed - 1) : 0;
  layout->propertyArrayMap = isPointer(beside) ? mapOf(beside - 1) : 0;
  layout->sharedElementsMap = isPointer(shared) ? mapOf(shared - 1) : 0;
  layout->mapType = typeIn(mapOf(addressOf(samples[2])));
  layout->setType = typeIn(mapOf(addressOf(samples[3])));
  layout->argumentsType = typeIn(mapOf(addressOf(samples[4])));
  layout->contextOffset = findContext(addressOf(samples[6]), addressOf(samples[7]), addressOf(samples[8]));
  Word variable = layout->contextOffset ? wordAt(wordAt(addressOf(samples[6]) + layout->contextOffset) - 1 + OUTER + 8) : 0;
  layout->variableMap = isPointer(variable) && mapOf(variable - 1) != layout->numberMap ? mapOf(variable - 1) : 0;
}

/** A property that holds a fraction has a box of its own, which is written in its place. */
static void eachBox(const Layout *layout, Word from, Word to, Piece *piece, void *context) {
  for (Word at = from; at < to; at += sizeof(Word)) {
    Word value = wordAt(at);
    if (isPointer(value) && mapOf(value - 1) == layout->numberMap) piece(context, value - 1, value + 15);
  }
}

/** An array of V8's own, whatever it is of: a length, and as many words at most. False where that is no length. */
static bool pieceOfArray(const Layout *layout, Word array, Piece *piece, void *context) {
  // Literals have one in common, until one of them is written: that gets its own.
  if (mapOf(array) == layout->sharedElementsMap) return true;
  Word length = wordAt(array + LENGTH) >> 32;
  bool isOfProperties = mapOf(array) == layout->propertyArrayMap;
  // The rest of the word is a hash.
  if (isOfProperties) length &= 0x3ff;
  if (length > 1u << 28 || (wordAt(array + LENGTH) & 1)) return false;
  Word end = array + FIRST + length * sizeof(Word);
  piece(context, array, end);
  if (isOfProperties) eachBox(layout, array + FIRST, end, piece, context);
  return true;
}

bool eachPiece(const Layout *layout, napi_value value, bool isFunction, Piece *piece, void *context) {
  Word object = addressOf(value), map = mapOf(object), size = sizeIn(map);
  uint16_t type = typeIn(map);
  // Their elements may be variables of the function that was called.
  if (type == layout->argumentsType || size == 0) return false;
  piece(context, object, object + size);
  Word properties = wordAt(object + PROPERTIES), elements = wordAt(object + ELEMENTS);
  if (isPointer(properties) && !pieceOfArray(layout, properties - 1, piece, context)) return false;
  if (isPointer(elements) && !pieceOfArray(layout, elements - 1, piece, context)) return false;
  if (type == layout->mapType || type == layout->setType) {
    Word table = wordAt(object + TABLE);
    if (!isPointer(table) || !pieceOfArray(layout, table - 1, piece, context)) return false;
  }
  if (!isFunction && propertiesIn(map) >= TABLE && propertiesIn(map) <= size)
    eachBox(layout, object + propertiesIn(map), object + size, piece, context);
  return true;
}

bool eachVariable(const Layout *layout, napi_value function, uint32_t scopes, Piece *piece, void *context) {
  if (layout->contextOffset == 0) return false;
  Word scope = wordAt(addressOf(function) + layout->contextOffset);
  for (; scopes > 0; scopes--) {
    // The outermost have others of their own kind, longer by far.
    if (!isPointer(scope) || (wordAt(scope - 1 + LENGTH) & 1)) return false;
    Word length = wordAt(scope - 1 + LENGTH) >> 32, end = scope - 1 + FIRST + length * sizeof(Word);
    if (length < 2 || length > 1u << 16) return false;
    piece(context, scope - 1, end);
    for (Word at = scope - 1 + OUTER + 8; at < end; at += sizeof(Word)) {
      Word value = wordAt(at);
      if (isPointer(value) && mapOf(value - 1) == layout->variableMap) piece(context, value - 1, value - 1 + sizeIn(layout->variableMap));
    }
    eachBox(layout, scope - 1 + FIRST, end, piece, context);
    scope = wordAt(scope - 1 + OUTER);
  }
  return true;
}
