// Pages ahead (Linux).
// Most of what a child costs are its page faults, and children of one parent touch much the same pages. One notes which,
// in memory they all share; another that waits for its turn has them ready. A note that is wrong, because it is old
// or two children wrote at once, only makes a page ready that nobody needs.
#pragma once

/** In a child: how many pages it may note at its end. */
extern unsigned int pagesToNote;

/** In the parent: has the memory ready that its children share their notes in. */
void shareNotes(void);

/**
 * Notes the pages of private memory that are this process's alone, and those of files that it has mapped; nothing where no
 * pages are to be noted.
 */
void noteTouched(void);
