// What is shared by fork(2) with the child becomes the child's own, of what `listDescriptors` has found (Linux; elsewhere
// nothing happens).
#pragma once

/** In the child: offsets of its own, by opening each file again. */
void separateFiles(void);

/** In the child: connections of its own in place of those whose both ends are in this process. */
void separateConnections(void);

/** In the parent: the offsets that a child has moved because it could not open the file again. */
void restoreOffsets(void);

/** In the parent: nobody is at the other end of a connection that a child has opened and left to be accepted. */
void dropWaiting(void);
