// Where V8 keeps the state of an object.
#pragma once
#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>

typedef void Piece(void *context, uintptr_t start, uintptr_t end);

/** Objects whose memory shows how this V8 lays out others. */
typedef struct {
  uintptr_t numberMap, propertyArrayMap, sharedElementsMap;
  uint16_t mapType, setType, argumentsType;
} Layout;

enum { SAMPLES = 6 };

/** From samples: `{ x: 1.5 }`, an object with properties beside it, a Map, a Set, `arguments`, a literal array as it was written. */
void readLayout(Layout *layout, const napi_value samples[SAMPLES]);

/**
 * All memory in which properties, elements, prototype, hidden class and entries of the object stand: whatever changes them
 * writes there. False where that can't be told.
 */
bool eachPiece(const Layout *layout, napi_value object, bool isFunction, Piece *piece, void *context);
