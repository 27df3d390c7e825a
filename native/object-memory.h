// Where V8 keeps the state of an object.
#pragma once
#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>

typedef void Piece(void *context, uintptr_t start, uintptr_t end);

/** Objects whose memory shows how this V8 lays out others. */
typedef struct {
  uintptr_t numberMap, propertyArrayMap, sharedElementsMap;
  /** Of the box in which newer versions keep a variable that is a number. 0: this one does not. */
  uintptr_t variableMap;
  uint16_t mapType, setType, argumentsType;
  /** Where a function keeps its context: the variables around it. 0: not known. */
  uint16_t contextOffset;
} Layout;

enum { SAMPLES = 9 };

/**
 * From samples: `{ x: 1.5 }`, an object with properties beside it, a Map, a Set, `arguments`, a literal array as it was written;
 * two functions made by one call, and one made by another call of the same: they see one variable, which holds a fraction.
 */
void readLayout(Layout *layout, const napi_value samples[SAMPLES]);

/**
 * All memory in which properties, elements, prototype, hidden class and entries of the object stand: whatever changes them
 * writes there. False where that can't be told.
 */
bool eachPiece(const Layout *layout, napi_value object, bool isFunction, Piece *piece, void *context);

/**
 * All memory in which the variables stand that the function sees in the scopes next to it, so many. False where that can't
 * be told.
 */
bool eachVariable(const Layout *layout, napi_value function, uint32_t scopes, Piece *piece, void *context);
